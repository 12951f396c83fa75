import type { Database } from '../database.ts';

/** What a key's signing secret was sealed as; null when it has none. Nobody but the platform's role may read it. */
export async function sealedSigningSecret(
  database: Database,
  organizationId: string,
  apiKeyId: string,
): Promise<Uint8Array | null> {
  const [row] = await database.asPlatform<{ sealed: Uint8Array }>(
    'select sealed from warroom.signing_secret where organization_id = $1 and api_key_id = $2',
    [organizationId, apiKeyId],
  );
  return row?.sealed ?? null;
}
