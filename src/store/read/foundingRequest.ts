import type { Database } from '../database.ts';

/** The stored answer to an idempotency key in the organization of this slug, or null: whether it was founded by it. */
export async function foundingRequest(
  database: Database,
  slug: string,
  { principal, key }: { readonly principal: string; readonly key: string },
): Promise<{ readonly digest: string } | null> {
  const [organization] = await database.asPlatform<{ id: string }>(
    'SELECT organization_id AS id FROM warroom.organization WHERE slug = $1',
    [slug],
  );
  if (!organization) return null;
  const [row] = await database.asOrganization<{ digest: string }>(
    organization.id,
    `SELECT encode(digest, 'hex') AS digest FROM warroom.idempotency_request
     WHERE organization_id = $1 AND principal = $2 AND key = $3 AND first_sequence = 1 AND ledger = 1`,
    [organization.id, principal, key],
  );
  return row ?? null;
}
