import type { Instant } from '../../domain/instant.ts';
import type { Row } from '../database.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { slicesByIncident } from './rowsOfIncidents.ts';
import type { ReadScope } from './scope.ts';
import type { Slice, Window } from './slice.ts';
import { Statement } from './statement.ts';

/** What the runs of a burst failed for. */
export interface RunTargetRow {
  readonly incidentId: string;
  readonly target: string;
  /** Null, like the instants, where a sync lists it: it says which, not how often. */
  readonly errorCount: number | null;
  readonly firstAt: Instant | null;
  readonly latestAt: Instant | null;
  /** Whether it is muted for its source now. */
  readonly muted: boolean;
}

/** Where a target stands among those of its incident. */
export function runTargetCursor({ target }: RunTargetRow): string {
  return encodeCursor([target]);
}

/** The same page of the targets of many incidents, by name, in one statement. @throws CursorError */
export async function runTargetsOfIncidents(
  scope: ReadScope,
  incidentIds: readonly string[],
  window: Window,
): Promise<Slice<RunTargetRow>[]> {
  const statement = new Statement();
  const conditions = [
    `t.organization_id = ${statement.value(scope.organizationId)}`,
    't.incident_id = asked.id',
  ];
  const bound = (cursor: string) => statement.value(decodeCursor(cursor, ['text'])[0]);
  if (window.after !== null) conditions.push(`t.target > ${bound(window.after)}`);
  if (window.before !== null) conditions.push(`t.target < ${bound(window.before)}`);
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT page.* FROM unnest(${statement.value([...new Set(incidentIds)])}::uuid[]) AS asked(id)
     CROSS JOIN LATERAL (
       SELECT t.incident_id, t.target, t.error_count, t.first_at, t.latest_at,
         -- Looked up target by target: an EXISTS may be answered by reading all that is muted anywhere.
         coalesce((
           SELECT true FROM warroom.muted_target m
           WHERE m.organization_id = t.organization_id AND m.target = t.target AND m.until IS NULL AND m.source = (
             SELECT l.source FROM warroom.incident_list l
             WHERE l.organization_id = t.organization_id AND l.incident_id = t.incident_id
           )
         ), false) AS muted
       FROM warroom.run_target t
       WHERE ${conditions.join(' AND ')}
       ORDER BY t.target ${window.backward ? 'DESC' : 'ASC'} LIMIT ${statement.value(window.size + 1)}
     ) page`,
    statement.parameters,
  );
  return slicesByIncident(rows.map(runTargetOf), incidentIds, window);
}

function runTargetOf(row: Row): RunTargetRow {
  return {
    incidentId: row.incident_id as string,
    target: row.target as string,
    errorCount: row.error_count === null ? null : Number(row.error_count),
    firstAt: row.first_at as Instant | null,
    latestAt: row.latest_at as Instant | null,
    muted: row.muted as boolean,
  };
}
