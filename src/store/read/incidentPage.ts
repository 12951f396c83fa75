import type { Instant } from '../../domain/instant.ts';
import { CursorError, type CursorPart, decodeCursor, encodeCursor } from './cursor.ts';
import { type IncidentFilter, incidentConditions } from './incidentFilter.ts';
import { incidentColumns, incidentRecords, type ListedIncident } from './incidentRecord.ts';
import type { ReadScope } from './scope.ts';
import { type Slice, sliceOf, type Window } from './slice.ts';
import { Statement } from './statement.ts';

/** What a list of incidents can be sorted by; ties by number, in the same direction. */
export const incidentOrderFields = [
  'REPORTED_AT',
  'DETECTED_AT',
  'SEVERITY',
  'NUMBER',
  'RESOLVED_AT',
] as const;
export type IncidentOrderField = (typeof incidentOrderFields)[number];

/** How a list of incidents is sorted. */
export interface IncidentOrder {
  readonly field: IncidentOrderField;
  readonly direction: 'ASC' | 'DESC';
}

/** An incident of a list and the value it is sorted by. */
export interface ListedRow {
  readonly record: ListedIncident;
  readonly key: string | number | null;
}

/** Counting stops here. */
export const countLimit = 10_000;

/** Column, its type in SQL, and what a cursor holds of it. */
const sorts: Readonly<
  Record<IncidentOrderField, { column: string; cast: string; part: CursorPart | `${CursorPart}?` }>
> = {
  REPORTED_AT: { column: 'reported_at', cast: 'timestamptz', part: 'instant' },
  DETECTED_AT: { column: 'detected_at', cast: 'timestamptz', part: 'instant' },
  SEVERITY: { column: 'severity_rank', cast: 'smallint', part: 'number' },
  NUMBER: { column: 'number', cast: 'integer', part: 'number' },
  RESOLVED_AT: { column: 'resolved_at', cast: 'timestamptz', part: 'instant?' },
};

/** Where an incident stands in a list of this order. */
export function incidentCursor(order: IncidentOrder, row: ListedRow): string {
  return encodeCursor([order.field, row.key, row.record.number]);
}

/**
 * A page of incidents, read by key and not by offset: rows that come or go do not shift it. Incidents without the
 * value they are sorted by (RESOLVED_AT) count as later than all that have one.
 * @throws CursorError when a cursor is of another list or order.
 */
export async function incidentPage(
  scope: ReadScope,
  filter: IncidentFilter,
  order: IncidentOrder,
  window: Window,
  now: Instant,
): Promise<Slice<ListedRow>> {
  const statement = new Statement();
  const organization = statement.value(scope.organizationId);
  const { column } = sorts[order.field];
  const ascending = (order.direction === 'ASC') !== window.backward;
  const direction = ascending ? 'ASC' : 'DESC';
  const conditions = incidentConditions(filter, statement, organization, now);
  const later = order.direction === 'ASC' ? '>' : '<';
  const earlier = order.direction === 'ASC' ? '<' : '>';
  if (window.after !== null) conditions.push(beyond(order.field, window.after, later, statement));
  if (window.before !== null) conditions.push(beyond(order.field, window.before, earlier, statement));
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT ${incidentColumns}, page.key FROM (
       SELECT l.incident_id, l.number, l.${column} AS key FROM warroom.incident_list l
       WHERE ${conditions.join(' AND ')}
       ORDER BY l.${column} ${direction}, l.number ${direction} LIMIT ${statement.value(window.size + 1)}
     ) page JOIN warroom.incident i ON i.organization_id = ${organization} AND i.id = page.incident_id
     ORDER BY page.key ${direction}, page.number ${direction}`,
    statement.parameters,
  );
  const records = await incidentRecords(scope, rows);
  const listed = records.map((record, index) => ({
    record,
    key: rows[index]?.key as string | number | null,
  }));
  return sliceOf(listed, window);
}

/** How many incidents the filter finds; counting stops beyond {@link countLimit}, so at most one more than that. */
export async function incidentCount(scope: ReadScope, filter: IncidentFilter, now: Instant): Promise<number> {
  const statement = new Statement();
  const conditions = incidentConditions(filter, statement, statement.value(scope.organizationId), now);
  const [row] = await scope.database.asOrganization<{ count: number | string }>(
    scope.organizationId,
    `SELECT count(*) AS count FROM (
       SELECT 1 FROM warroom.incident_list l WHERE ${conditions.join(' AND ')} LIMIT ${statement.value(countLimit + 1)}
     ) found`,
    statement.parameters,
  );
  return Number(row?.count ?? 0);
}

/** The condition of lying beyond a cursor; null sorts after every value in both directions of PostgreSQL. */
function beyond(
  field: IncidentOrderField,
  cursor: string,
  comparison: '<' | '>',
  statement: Statement,
): string {
  const { column, cast, part } = sorts[field];
  const [of, key, number] = decodeCursor(cursor, ['text', part, 'number']);
  if (of !== field) throw new CursorError();
  const numbered = `${statement.value(number)}::integer`;
  if (key === null) {
    return comparison === '>'
      ? `(l.${column} IS NULL AND l.number > ${numbered})`
      : `(l.${column} IS NOT NULL OR l.number < ${numbered})`;
  }
  const past = `(l.${column}, l.number) ${comparison} (${statement.value(key)}::${cast}, ${numbered})`;
  return part.endsWith('?') && comparison === '>' ? `(${past} OR l.${column} IS NULL)` : past;
}
