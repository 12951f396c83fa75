import type { MutedSpan } from '../../domain/bulkAction/bulkAction.ts';
import type { Instant } from '../../domain/instant.ts';
import type { ReadScope } from './scope.ts';

/** When a target was muted, and by which bulk actions. */
export interface BulkMute extends MutedSpan {
  readonly source: string;
  readonly target: string;
  /** The bulk action that muted it. */
  readonly begunBy: string;
  /** The one that unmuted it; null while it is muted. */
  readonly endedBy: string | null;
}

/** More than a bulk action has targets, so that one row too many is seen. */
const most = 1_001;

/** Everything that a bulk action muted or unmuted, in any order: at most 1,001 each. */
export async function mutesOfBulkAction(
  { database, organizationId }: ReadScope,
  bulkActionId: string,
): Promise<readonly BulkMute[]> {
  const columns = 'm.source, m.target, m.since, m.until, m.bulk_action_id, m.ended_by';
  const rows = await database.asOrganization(
    organizationId,
    `(SELECT ${columns} FROM warroom.muted_target m
       WHERE m.organization_id = $1 AND m.bulk_action_id = $2 LIMIT ${most})
     UNION
     (SELECT ${columns} FROM warroom.muted_target m
       WHERE m.organization_id = $1 AND m.ended_by = $2 LIMIT ${most})`,
    [organizationId, bulkActionId],
  );
  return rows.map((row) => ({
    source: row.source as string,
    target: row.target as string,
    since: row.since as Instant,
    until: row.until as Instant | null,
    begunBy: row.bulk_action_id as string,
    endedBy: row.ended_by as string | null,
  }));
}
