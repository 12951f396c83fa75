import { CursorError } from './cursor.ts';
import { countLimit } from './incidentPage.ts';
import { incidentColumns, incidentRecords, type ListedIncident } from './incidentRecord.ts';
import { inOrder, type ReadScope } from './scope.ts';
import { emptySlice, type Slice, sliceOf, type Window } from './slice.ts';
import { Statement } from './statement.ts';

/** Where an incident stands among those related to another. */
export function relatedCursor(record: ListedIncident): string {
  return String(record.number);
}

/**
 * The same page, for many incidents, of the others that share a correlation key with each, newest first, in one
 * statement. @throws CursorError when a cursor is not a number.
 */
export async function relatedIncidents(
  scope: ReadScope,
  incidentIds: readonly string[],
  window: Window,
): Promise<Slice<ListedIncident>[]> {
  const statement = new Statement();
  const organization = statement.value(scope.organizationId);
  const conditions: string[] = [];
  if (window.after !== null) conditions.push(`AND l.number < ${statement.value(numberOf(window.after))}`);
  if (window.before !== null) conditions.push(`AND l.number > ${statement.value(numberOf(window.before))}`);
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT asked.id AS of_incident_id, ${incidentColumns}
     FROM unnest(${statement.value([...new Set(incidentIds)])}::uuid[]) AS asked(id) CROSS JOIN LATERAL (
       SELECT l.incident_id, l.number FROM warroom.incident_list l
       WHERE l.organization_id = ${organization} AND l.incident_id IN (
         SELECT other.incident_id FROM warroom.incident_correlation_key own
         JOIN warroom.incident_correlation_key other
           ON other.organization_id = ${organization} AND other.correlation_key = own.correlation_key
         WHERE own.organization_id = ${organization} AND own.incident_id = asked.id
           AND other.incident_id <> asked.id
       ) ${conditions.join(' ')}
       ORDER BY l.number ${window.backward ? 'ASC' : 'DESC'} LIMIT ${statement.value(window.size + 1)}
     ) page JOIN warroom.incident i ON i.organization_id = ${organization} AND i.id = page.incident_id
     ORDER BY page.number ${window.backward ? 'ASC' : 'DESC'}`,
    statement.parameters,
  );
  const records = await incidentRecords(scope, rows);
  const byIncident = new Map<string, ListedIncident[]>();
  records.forEach((record, index) => {
    const of = rows[index]?.of_incident_id as string;
    const list = byIncident.get(of);
    if (list) list.push(record);
    else byIncident.set(of, [record]);
  });
  return inOrder(incidentIds, byIncident).map((list) => (list ? sliceOf(list, window) : emptySlice));
}

/** How many others share a correlation key with each; counting stops beyond {@link countLimit}. */
export async function relatedCounts(
  scope: ReadScope,
  incidentIds: readonly string[],
): Promise<(number | null)[]> {
  const rows = await scope.database.asOrganization<{ id: string; count: number | string }>(
    scope.organizationId,
    `SELECT asked.id, found.count FROM unnest($2::uuid[]) AS asked(id) CROSS JOIN LATERAL (
       SELECT count(*) AS count FROM (
         SELECT DISTINCT other.incident_id FROM warroom.incident_correlation_key own
         JOIN warroom.incident_correlation_key other
           ON other.organization_id = $1 AND other.correlation_key = own.correlation_key
         WHERE own.organization_id = $1 AND own.incident_id = asked.id AND other.incident_id <> asked.id
         LIMIT ${countLimit + 1}
       ) others
     ) found`,
    [scope.organizationId, [...new Set(incidentIds)]],
  );
  return inOrder(incidentIds, new Map(rows.map((row) => [row.id, Number(row.count)])));
}

function numberOf(cursor: string): number {
  if (!/^\d{1,9}$/.test(cursor)) throw new CursorError();
  return Number(cursor);
}
