import { CursorError } from './cursor.ts';
import { countLimit } from './incidentPage.ts';
import { incidentColumns, incidentRecords, type ListedIncident } from './incidentRecord.ts';
import { inOrder, type ReadScope } from './scope.ts';
import { emptySlice, type Slice, sliceOf, type Window } from './slice.ts';
import { Statement } from './statement.ts';

/** What two incidents may have in common. */
export const relations = ['CORRELATION_KEY', 'TRACE', 'SERVICE', 'MERGE'] as const;
export type Relation = (typeof relations)[number];

/** Signals of an incident whose traces are looked at: the newest. */
const tracedSignals = 1_000;

/** Signals split off from an incident that are looked at. */
const splitSignals = 100;

/** Incidents other than `asked.id` that have this in common with it; `organization` is a parameter of the statement. */
function relatedIds(by: Relation, organization: string): string {
  switch (by) {
    case 'CORRELATION_KEY':
      return `SELECT other.incident_id FROM warroom.incident_correlation_key own
         JOIN warroom.incident_correlation_key other
           ON other.organization_id = ${organization} AND other.correlation_key = own.correlation_key
         WHERE own.organization_id = ${organization} AND own.incident_id = asked.id
           AND other.incident_id <> asked.id`;
    case 'TRACE':
      return `SELECT other.incident_id FROM (
           SELECT DISTINCT newest.trace_id FROM (
             SELECT s.trace_id FROM warroom.signal s
             WHERE s.organization_id = ${organization} AND s.incident_id = asked.id
             ORDER BY s.at DESC, s.id DESC LIMIT ${tracedSignals}
           ) newest WHERE newest.trace_id IS NOT NULL
         ) own JOIN warroom.signal other
           ON other.organization_id = ${organization} AND other.trace_id = own.trace_id
         WHERE other.incident_id <> asked.id`;
    case 'MERGE':
      // What it became part of, what is part of it, what it was split off from, and what was split off from it: its state
      // says the first three, its events the last.
      return `SELECT v.id::uuid AS incident_id FROM warroom.incident own, LATERAL (
           SELECT own.state::jsonb #>> '{mergedInto,incidentId}'
           UNION SELECT own.state::jsonb ->> 'splitFromId'
           UNION SELECT jsonb_array_elements_text(own.state::jsonb -> 'mergedIncidentIds')
           UNION SELECT e.body::jsonb #>> '{payload,newIncidentId}' FROM (
             SELECT l.body FROM warroom.ledger_event l
             WHERE l.organization_id = ${organization} AND l.incident_id = asked.id
               AND l.type = 'INCIDENT_SIGNAL_SPLIT' LIMIT ${splitSignals}
           ) e
         ) v (id)
         WHERE own.organization_id = ${organization} AND own.id = asked.id AND v.id IS NOT NULL`;
    case 'SERVICE':
      return `SELECT other.incident_id FROM warroom.incident_list own
         JOIN warroom.incident_list other
           ON other.organization_id = ${organization} AND other.service_id = own.service_id
             AND other.reported_at >= own.reported_at - interval '24 hours'
             AND other.reported_at <= own.reported_at + interval '24 hours'
         WHERE own.organization_id = ${organization} AND own.incident_id = asked.id
           AND other.incident_id <> asked.id`;
  }
}

/** Whether `l` is one of them. Those of merges are few, which the planner cannot know: it looks for each by its key. */
function isRelated(by: Relation, organization: string): string {
  const ids = relatedIds(by, organization);
  return by === 'MERGE' ? `l.incident_id = ANY (ARRAY(${ids}))` : `l.incident_id IN (${ids})`;
}

/** Where an incident stands among those related to another. */
export function relatedCursor(record: ListedIncident): string {
  return String(record.number);
}

/**
 * The same page, for many incidents, of the others that have this in common with each, newest first, in one statement:
 * a correlation key, a trace of their signals, the service within 24 hours of each other's report, or a merge or split.
 * @throws CursorError when a cursor is not a number.
 */
export async function relatedIncidents(
  scope: ReadScope,
  incidentIds: readonly string[],
  { window, by }: { readonly window: Window; readonly by: Relation },
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
       WHERE l.organization_id = ${organization} AND ${isRelated(by, organization)} ${conditions.join(' ')}
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

/** How many others have this in common with each; counting stops beyond {@link countLimit}. */
export async function relatedCounts(
  scope: ReadScope,
  incidentIds: readonly string[],
  by: Relation,
): Promise<(number | null)[]> {
  const rows = await scope.database.asOrganization<{ id: string; count: number | string }>(
    scope.organizationId,
    `SELECT asked.id, found.count FROM unnest($2::uuid[]) AS asked(id) CROSS JOIN LATERAL (
       SELECT count(*) AS count FROM (
         SELECT DISTINCT related.incident_id FROM (${relatedIds(by, '$1')}) related
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
