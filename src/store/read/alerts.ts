import type { Instant } from '../../domain/instant.ts';
import type { ReadScope } from './scope.ts';

/** The incident that holds this dedup key, or held it last; null when none ever did. */
export async function incidentOfDedupKey(scope: ReadScope, key: string): Promise<string | null> {
  const [row] = await scope.database.asOrganization<{ incident_id: string }>(
    scope.organizationId,
    'SELECT incident_id FROM warroom.dedup_key WHERE organization_id = $1 AND key = $2',
    [scope.organizationId, key],
  );
  return row?.incident_id ?? null;
}

/** How often an incident's signals were seen in all, and when last; null when it has none. */
export async function occurrencesOf(
  scope: ReadScope,
  incidentId: string,
): Promise<{ readonly count: number; readonly lastSeenAt: Instant } | null> {
  const [row] = await scope.database.asOrganization<{ count: string; last_seen_at: string | null }>(
    scope.organizationId,
    `SELECT sum(s.count) AS count, max(s.last_seen_at) AS last_seen_at FROM (
       SELECT count, last_seen_at FROM warroom.signal
       WHERE organization_id = $1 AND incident_id = $2::uuid ORDER BY at DESC, id DESC LIMIT 1000
     ) s`,
    [scope.organizationId, incidentId],
  );
  if (row === undefined || row.last_seen_at === null) return null;
  return { count: Number(row.count), lastSeenAt: row.last_seen_at };
}
