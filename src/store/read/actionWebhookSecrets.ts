import type { Instant } from '../../domain/instant.ts';
import type { Database } from '../database.ts';

/** What the secrets of a source's webhook were sealed as, the current one first. Only the platform's role may read it. */
export async function sealedActionWebhookSecrets(
  database: Database,
  { organizationId, source }: { readonly organizationId: string; readonly source: string },
  now: Instant,
): Promise<readonly Uint8Array[]> {
  const [row] = await database.asPlatform<{ sealed: Uint8Array; previous: Uint8Array | null }>(
    `select sealed, case when overlap_ends_at > $3::timestamptz then previous end as previous
     from warroom.action_webhook_secret where organization_id = $1 and source = $2`,
    [organizationId, source, now],
  );
  if (row === undefined) return [];
  return row.previous === null ? [row.sealed] : [row.sealed, row.previous];
}
