import type { Row } from '../database.ts';
import { CursorError } from './cursor.ts';
import { inOrder, type ReadScope } from './scope.ts';
import { emptySlice, type Slice, sliceOf, type Window } from './slice.ts';
import { Statement } from './statement.ts';

/** Tables whose rows belong to an incident and are ordered by the version of the event that made them. */
export type IncidentTable = 'incident_action' | 'escalation' | 'slo_violation' | 'bulk_action';

/** Columns of the actor who made a row, where a table has one. */
const columns: Readonly<Record<IncidentTable, string>> = {
  incident_action:
    'r.id, r.incident_id, r.kind, r.label, r.details, r.actor_kind, r.actor_id, r.actor_role, r.at, r.version',
  bulk_action:
    'r.id, r.incident_id, r.source, r.action, r.target_count, r.concurrency, r.throttle_milliseconds, r.actor_kind, r.actor_id, r.actor_role, r.started_at, r.cancelled_at, r.finished_at, r.succeeded_count, r.failed_count, r.cancelled_count, r.results_swept_at, r.version',
  escalation:
    'r.id, r.incident_id, r.reason, r.rule, r.after_minutes, r.level, r.target, r.note, r.at, r.acknowledged_at, r.version',
  slo_violation:
    'r.id, r.incident_id, r.slo_id, r.window_start, r.window_end, r.error_budget_consumed, r.threshold_breached, r.period_days, r.details, r.at, r.version',
};

/**
 * The same page of one table's rows of many incidents, oldest first, in one statement. Their cursor is `version`.
 * @throws CursorError when a cursor is not a version.
 */
export async function rowsOfIncidents<T extends { readonly incidentId: string }>(
  scope: ReadScope,
  table: IncidentTable,
  incidentIds: readonly string[],
  window: Window,
  read: (row: Row) => T,
): Promise<Slice<T>[]> {
  const statement = new Statement();
  const conditions = [
    `r.organization_id = ${statement.value(scope.organizationId)}`,
    'r.incident_id = asked.id',
  ];
  const ids = statement.value([...new Set(incidentIds)]);
  if (window.after !== null) conditions.push(`r.version > ${statement.value(versionOf(window.after))}`);
  if (window.before !== null) conditions.push(`r.version < ${statement.value(versionOf(window.before))}`);
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT page.* FROM unnest(${ids}::uuid[]) AS asked(id) CROSS JOIN LATERAL (
       SELECT ${columns[table]} FROM warroom.${table} r WHERE ${conditions.join(' AND ')}
       ORDER BY r.version ${window.backward ? 'DESC' : 'ASC'} LIMIT ${statement.value(window.size + 1)}
     ) page`,
    statement.parameters,
  );
  return slicesByIncident(rows.map(read), incidentIds, window);
}

/** Rows by id, of this organization, in the order asked for. */
export async function rowsById<T>(
  scope: ReadScope,
  table: IncidentTable,
  ids: readonly string[],
  read: (row: Row) => T,
): Promise<(T | null)[]> {
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT ${columns[table]} FROM warroom.${table} r WHERE r.organization_id = $1 AND r.id = ANY($2::uuid[])`,
    [scope.organizationId, [...new Set(ids)]],
  );
  return inOrder(ids, new Map(rows.map((row) => [row.id as string, read(row)])));
}

/** Rows of several incidents, each incident's in the direction of reading, as a slice each. */
export function slicesByIncident<T extends { readonly incidentId: string | null }>(
  rows: readonly T[],
  incidentIds: readonly string[],
  window: Window,
): Slice<T>[] {
  const byIncident = new Map<string, T[]>();
  for (const row of rows) {
    if (row.incidentId === null) continue;
    const list = byIncident.get(row.incidentId);
    if (list) list.push(row);
    else byIncident.set(row.incidentId, [row]);
  }
  return inOrder(incidentIds, byIncident).map((list) => (list ? sliceOf(list, window) : emptySlice));
}

function versionOf(cursor: string): number {
  if (!/^\d{1,9}$/.test(cursor)) throw new CursorError();
  return Number(cursor);
}
