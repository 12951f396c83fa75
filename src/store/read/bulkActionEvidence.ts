import { bulkTargetLimit } from '../../domain/bulkAction/bulkAction.ts';
import type { Row } from '../database.ts';
import { type BulkTargetRow, targetsOfBulkActions } from './bulkActions.ts';
import { type BulkMute, mutesOfBulkAction } from './mutesOfBulkAction.ts';
import type { ReadScope } from './scope.ts';

/** What the database holds of a bulk action, to be compared with what its events say. */
export interface BulkActionEvidence {
  /** Its row, with every column. */
  readonly row: Row;
  /** In their order, at most 1,000. */
  readonly targets: readonly BulkTargetRow[];
  readonly mutes: readonly BulkMute[];
}

/**
 * What there is of a bulk action; null when it has no row. Read one after the other, so it may go on in between: whatever
 * was muted has its result in the targets.
 */
export async function bulkActionEvidence(scope: ReadScope, id: string): Promise<BulkActionEvidence | null> {
  const { database, organizationId } = scope;
  const [row] = await database.asOrganization(
    organizationId,
    'SELECT * FROM warroom.bulk_action WHERE organization_id = $1 AND id = $2',
    [organizationId, id],
  );
  if (row === undefined) return null;
  const mutes = await mutesOfBulkAction(scope, id);
  const window = { size: bulkTargetLimit, backward: false, after: null, before: null };
  const [slice] = await targetsOfBulkActions(scope, [id], window, null);
  return { row, targets: slice?.items ?? [], mutes };
}

/** A row of a bulk action that no event of the ledger tells of. */
export interface StrayRow {
  readonly table: 'bulk_action' | 'bulk_action_target' | 'muted_target';
  /** The bulk action it says it is of. */
  readonly id: string;
}

/** A page of what no event tells of. */
export interface StrayPage {
  readonly strays: readonly StrayRow[];
  /** Where the next page begins; null: this was the last. */
  readonly next: string | null;
}

/**
 * Of the next `limit` bulk actions by id, those whose start is not in the ledger where they say it is; and, of what lies
 * between two of them, the first row each of a target and of a mute whose bulk action is not there at all.
 */
export async function strayBulkActions(
  { database, organizationId }: ReadScope,
  after: string,
  limit: number,
): Promise<StrayPage> {
  const between = (table: StrayRow['table'], column: string) =>
    `(SELECT '${table}' AS of, r.${column} AS id FROM warroom.${table} r
       WHERE r.organization_id = $1 AND r.${column} > gap.low AND r.${column} < gap.high
       ORDER BY r.${column} LIMIT 1)`;
  const rows = await database.asOrganization<{ of: StrayRow['table'] | null; id: string }>(
    organizationId,
    `WITH page AS MATERIALIZED (
       SELECT b.id, b.incident_id, b.version FROM warroom.bulk_action b
       WHERE b.organization_id = $1 AND b.id > $2::uuid ORDER BY b.id LIMIT $3
     ), gap AS (
       SELECT coalesce(lag(p.id) OVER (ORDER BY p.id), $2::uuid) AS low, p.id AS high FROM page p
       UNION ALL
       SELECT coalesce((SELECT p.id FROM page p ORDER BY p.id DESC LIMIT 1), $2::uuid), '${highestId}'
       WHERE (SELECT count(*) FROM page) < $3
     )
     SELECT CASE WHEN e.type = 'INCIDENT_BULK_ACTION_STARTED' AND strpos(e.body, p.id::text) > 0 THEN NULL
       ELSE 'bulk_action' END AS of, p.id
     FROM page p LEFT JOIN LATERAL (
       SELECT v.type, v.body FROM warroom.ledger_event v
       WHERE v.organization_id = $1 AND v.incident_id = p.incident_id AND v.version = p.version OFFSET 0
     ) e ON true
     UNION ALL
     SELECT found.of, found.id FROM gap CROSS JOIN LATERAL (
       ${between('bulk_action_target', 'bulk_action_id')}
       UNION ALL ${between('muted_target', 'bulk_action_id')}
       UNION ALL ${between('muted_target', 'ended_by')}
     ) found`,
    [organizationId, after, limit],
  );
  const ids = rows.flatMap(({ of, id }) => (of === null || of === 'bulk_action' ? [id] : []));
  const strays = rows.flatMap(({ of, id }) => (of === null ? [] : [{ table: of, id }]));
  return { strays, next: ids.length < limit ? null : (ids.sort().at(-1) ?? null) };
}

const highestId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
