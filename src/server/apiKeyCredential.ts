import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Guessing } from '../app/guessing.ts';
import { TooManyGuessesError } from '../app/tooManyGuesses.ts';
import type { ApiKeyScope, MemberRole } from '../domain/access/actor.ts';
import type { Principal } from '../domain/access/principal.ts';
import { completeIngest } from '../domain/detection/ingestConfiguration.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import { apiKeyByHash, touchApiKey } from '../store/read/credential.ts';
import type { Credential, CredentialResolver } from './authenticate.ts';

/** How long a looked-up key is believed without asking again, in milliseconds. A revoked key works no longer than this. */
const believedFor = 1_000;

/** Last use of a key is written at most this often, in milliseconds. */
const touchedEvery = 60_000;

/** A secret that was right is not taken for a guess for so long, in milliseconds, whoever else guesses where it is. */
const rightFor = 3_600_000;

/** How often a new secret waits for those under way from its address before it is turned away. */
const roundsAtMost = 10;

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

  const counted = createLookUps<Credential | null>();
  const asked = new Map<string, Promise<Credential | null>>();

  /** Looks up a secret that was not right before, counted as a guess until it turns out to be. */
  const judge = async (hash: string, address: string): Promise<Credential | null> => {
    let guess = guessing.guess({ keysOfAddress: address });
    for (let round = 0; guess.waitSeconds > 0; round += 1) {
      // After a restart an office comes back all at once: what is under way is counted, and most of it right.
      if (round === roundsAtMost || !(await counted.settled(address))) {
        throw new TooManyGuessesError(guess.waitSeconds);
      }
      guess = guessing.guess({ keysOfAddress: address });
    }
    const credential = await counted.run(address, find(hash));
    if (credential !== null && 'right' in guess) {
      guess.right();
      right.set(hash, true);
    }
    return credential;
  };

  const apiKey = (secret: string, address: string): Promise<Credential | null> => {
    if (secret.length < 16 || secret.length > 512) return Promise.resolve(null);
    const hash = createHash('sha256').update(secret).digest('hex');
    if (right.has(hash)) return find(hash);
    // One secret sent many times at once is one guess.
    const place = `${address} ${hash}`;
    const known = asked.get(place);
    if (known !== undefined) return known;
    const found = judge(hash, address).finally(() => void asked.delete(place));
    asked.set(place, found);
    return found;
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

/** What is being looked up, by address. */
function createLookUps<T>() {
  const underWay = new Map<string, Set<Promise<T>>>();
  return {
    async run(address: string, found: Promise<T>): Promise<T> {
      const ofAddress = underWay.get(address) ?? new Set<Promise<T>>();
      underWay.set(address, ofAddress.add(found));
      try {
        return await found;
      } finally {
        ofAddress.delete(found);
        if (ofAddress.size === 0) underWay.delete(address);
      }
    },
    /** Once all that are under way now have ended; false when none are. */
    async settled(address: string): Promise<boolean> {
      const ofAddress = underWay.get(address);
      if (ofAddress === undefined) return false;
      await Promise.allSettled(ofAddress);
      return true;
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
