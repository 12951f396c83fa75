import type { Principal } from '../../domain/access/principal.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Database } from '../database.ts';

/** An API key as found by its hash, with the organization it belongs to. */
export interface ApiKeyCredential {
  readonly organizationId: string;
  readonly organizationSlug: string;
  readonly apiKeyId: string;
  readonly role: string;
  readonly scopes: readonly string[];
  readonly expiresAt: Instant | null;
  readonly revokedAt: Instant | null;
  /** How what it brings is read, as it is stored; null: never configured. */
  readonly ingest: string | null;
}

/** The API key whose secret, or the one before it, has this SHA-256 (hexadecimal), of any organization; null when there is none. */
export async function apiKeyByHash(database: Database, hash: string): Promise<ApiKeyCredential | null> {
  const rows = await database.asPlatform<{
    organization_id: string;
    slug: string;
    id: string;
    role: string;
    scopes: string[];
    expires_at: Instant | null;
    revoked_at: Instant | null;
    ingest: string | null;
  }>(
    `select k.organization_id, o.slug, k.id, k.role, k.scopes, k.expires_at, k.revoked_at, k.ingest
       from (
         select organization_id, id, role, scopes, expires_at, revoked_at, ingest from warroom.api_key
          where hash = decode($1, 'hex')
         union all
         select organization_id, id, role, scopes, least(expires_at, previous_ends_at), revoked_at, ingest
           from warroom.api_key
          where previous_hash = decode($1, 'hex')
       ) k join warroom.organization o using (organization_id) limit 1`,
    [hash],
  );
  const row = rows[0];
  if (row === undefined) return null;
  return {
    organizationId: row.organization_id,
    organizationSlug: row.slug,
    apiKeyId: row.id,
    role: row.role,
    scopes: row.scopes,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    ingest: row.ingest,
  };
}

/** What was refused of a key since it was last written. */
export interface RateLimitedKey {
  readonly apiKeyId: string;
  readonly count: number;
  /** When the latest was. */
  readonly at: Instant;
}

/** Counts on keys of an organization what was refused because of their rate, in one statement. @throws the database's error. */
export async function countRateLimited(
  database: Database,
  organizationId: string,
  keys: readonly RateLimitedKey[],
): Promise<void> {
  const refused = JSON.stringify(keys.map(({ apiKeyId: id, count, at }) => ({ id, count, at })));
  const parameters = [organizationId, refused];
  await database.asOrganization(organizationId, 'select warroom.count_rate_limited($1, $2)', parameters);
}

/** Notes that a key was used at this instant. */
export async function touchApiKey(database: Database, principal: Principal, at: Instant): Promise<void> {
  await database.asOrganization(principal.organizationId, 'select warroom.touch_key($1, $2, $3)', [
    principal.organizationId,
    principal.credentialId,
    at,
  ]);
}
