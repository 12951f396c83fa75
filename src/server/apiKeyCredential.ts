import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Guessing } from '../app/guessing.ts';
import type { ApiKeyScope, MemberRole } from '../domain/access/actor.ts';
import type { Principal } from '../domain/access/principal.ts';
import { completeIngest } from '../domain/detection/ingestConfiguration.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import { apiKeyByHash, touchApiKey } from '../store/read/credential.ts';
import type { Credential, CredentialResolver } from './authenticate.ts';
import { createKeyJudge } from './keyJudge.ts';

/** How long a looked-up key is believed without asking again, in milliseconds. A revoked key works no longer than this. */
const believedFor = 1_000;

/** Last use of a key is written at most this often, in milliseconds. */
const touchedEvery = 60_000;

/** A secret that was right is not taken for a guess for so long, in milliseconds, whoever else guesses where it is. */
const rightFor = 3_600_000;

/** API keys as credentials. */
export interface ApiKeyCredentials {
  /** `Authorization: Bearer <secret>`. An Authorization header that is anything else holds nothing. */
  readonly resolve: CredentialResolver;
  /**
   * The credential behind a secret sent from this address; null when unknown, revoked or expired.
   * @throws TooManyGuessesError when too many wrong ones came from there.
   */
  apiKey(secret: string, address: string): Promise<Credential | null>;
}

/** Looks keys up by the SHA-256 of their secret and remembers the answer, known and unknown, for a second. */
export function createApiKeyCredentials(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly guessing: Guessing;
}): ApiKeyCredentials {
  const { database, clock, guessing } = options;
  const known = new LRUCache<string, { found: Promise<Credential | null> }>({
    max: 10_000,
    ttl: believedFor,
  });
  const touched = new LRUCache<string, true>({ max: 10_000, ttl: touchedEvery });
  const right = new LRUCache<string, true>({ max: 10_000, ttl: rightFor });

  const find = async (hash: string): Promise<Credential | null> => {
    let entry = known.get(hash);
    if (entry === undefined) {
      entry = { found: lookUp(database, hash) };
      known.set(hash, entry);
      // A failed look-up must not be remembered as an answer.
      entry.found.catch(() => known.delete(hash));
    }
    const credential = await entry.found;
    const now = clock.now();
    if (credential?.expiresAt != null && credential.expiresAt <= now) return null;
    if (credential !== null && !touched.has(hash)) {
      touched.set(hash, true);
      // Best effort: when the key was last used is worth showing, not worth failing a request for.
      touchApiKey(database, credential.principal, now).catch(() => touched.delete(hash));
    }
    return credential;
  };

  const judge = createKeyJudge({ find, guessing, right: (hash) => void right.set(hash, true) });
  const apiKey = (secret: string, address: string): Promise<Credential | null> => {
    if (secret.length < 16 || secret.length > 512) return Promise.resolve(null);
    const hash = createHash('sha256').update(secret).digest('hex');
    return right.has(hash) ? find(hash) : judge(hash, address);
  };

  return {
    apiKey,
    resolve({ authorization, address }) {
      if (authorization === null || authorization === '') return undefined;
      const secret = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
      return secret === undefined ? Promise.resolve(null) : apiKey(secret, address);
    },
  };
}

async function lookUp(database: Database, hash: string): Promise<Credential | null> {
  const row = await apiKeyByHash(database, hash);
  if (row === null || row.revokedAt !== null) return null;
  const role = row.role as MemberRole;
  const scopes = row.scopes as ApiKeyScope[];
  const kind = scopes.includes('INGEST') ? 'INTEGRATION' : 'API_KEY';
  const principal: Principal = {
    organizationId: row.organizationId,
    organizationSlug: row.organizationSlug,
    actor: { kind, id: row.apiKeyId, role },
    scopes,
    credentialId: row.apiKeyId,
    ...(row.ingest === null ? {} : { ingest: completeIngest(row.ingest) }),
  };
  return { principal, expiresAt: row.expiresAt };
}
