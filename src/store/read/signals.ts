import type { SignalType } from '../../domain/incident/vocabulary.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Row } from '../database.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { slicesByIncident } from './rowsOfIncidents.ts';
import { inOrder, type ReadScope } from './scope.ts';
import { type Slice, sliceOf, type Window } from './slice.ts';
import { Statement } from './statement.ts';

/** A signal, without its data (see signalData). */
export interface SignalRow {
  readonly id: string;
  readonly incidentId: string | null;
  readonly type: SignalType;
  readonly source: string;
  readonly serviceId: string | null;
  readonly environment: string | null;
  readonly projectId: string | null;
  readonly summary: string;
  /** As the source wrote it. */
  readonly severity: string | null;
  readonly fingerprint: string | null;
  readonly correlationKey: string | null;
  readonly traceId: string | null;
  readonly at: Instant;
  readonly clearedAt: Instant | null;
  /** How often it was seen; repeats of an open signal raise it. */
  readonly count: number;
  readonly lastSeenAt: Instant;
}

/** Which signals are wanted; null leaves a condition out, a list means any of. */
export interface SignalFilter {
  readonly incidentId: string | null;
  readonly type: readonly SignalType[] | null;
  readonly source: readonly string[] | null;
  readonly correlationKey: string | null;
  readonly traceId: string | null;
  readonly cleared: boolean | null;
  /** From (included) until (not included). */
  readonly at: { readonly from: Instant | null; readonly until: Instant | null } | null;
}

const columns = `s.id, s.incident_id, s.type, s.source, s.service_id, s.environment, s.project_id, s.summary,
  s.severity, s.fingerprint, s.correlation_key, s.trace_id, s.at, s.cleared_at, s.count, s.last_seen_at`;

/** Where a signal stands in a list of signals. */
export function signalCursor(signal: SignalRow): string {
  return encodeCursor([signal.at, signal.id]);
}

/** A page of an organization's signals, newest first. @throws CursorError */
export async function signalPage(
  scope: ReadScope,
  filter: SignalFilter,
  window: Window,
): Promise<Slice<SignalRow>> {
  const statement = new Statement();
  const conditions = [`s.organization_id = ${statement.value(scope.organizationId)}`];
  conditions.push(...filterConditions(filter, statement), ...cursorConditions(window, statement, 'DESC'));
  const direction = window.backward ? 'ASC' : 'DESC';
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT ${columns} FROM warroom.signal s WHERE ${conditions.join(' AND ')}
     ORDER BY s.at ${direction}, s.id ${direction} LIMIT ${statement.value(window.size + 1)}`,
    statement.parameters,
  );
  return sliceOf(rows.map(signalOf), window);
}

/** The same page of the signals of many incidents, oldest first, in one statement. @throws CursorError */
export async function signalsOfIncidents(
  scope: ReadScope,
  incidentIds: readonly string[],
  window: Window,
): Promise<Slice<SignalRow>[]> {
  const statement = new Statement();
  const conditions = [
    `s.organization_id = ${statement.value(scope.organizationId)}`,
    's.incident_id = asked.id',
    ...cursorConditions(window, statement, 'ASC'),
  ];
  const direction = window.backward ? 'DESC' : 'ASC';
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT page.* FROM unnest(${statement.value([...new Set(incidentIds)])}::uuid[]) AS asked(id)
     CROSS JOIN LATERAL (
       SELECT ${columns} FROM warroom.signal s WHERE ${conditions.join(' AND ')}
       ORDER BY s.at ${direction}, s.id ${direction} LIMIT ${statement.value(window.size + 1)}
     ) page`,
    statement.parameters,
  );
  return slicesByIncident(rows.map(signalOf), incidentIds, window);
}

/** Signals by id, in the order asked for. */
export async function signals(scope: ReadScope, ids: readonly string[]): Promise<(SignalRow | null)[]> {
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT ${columns} FROM warroom.signal s WHERE s.organization_id = $1 AND s.id = ANY($2::uuid[])`,
    [scope.organizationId, [...new Set(ids)]],
  );
  return inOrder(ids, new Map(rows.map((row) => [row.id as string, signalOf(row)])));
}

/** JSON text of signals' data, at most 256 KB each, in the order asked for; null where there is none. */
export async function signalData(scope: ReadScope, ids: readonly string[]): Promise<(string | null)[]> {
  const rows = await scope.database.asOrganization<{ signal_id: string; data: string }>(
    scope.organizationId,
    'SELECT signal_id, data FROM warroom.signal_data WHERE organization_id = $1 AND signal_id = ANY($2::uuid[])',
    [scope.organizationId, [...new Set(ids)]],
  );
  return inOrder(ids, new Map(rows.map((row) => [row.signal_id, row.data])));
}

function filterConditions(filter: SignalFilter, statement: Statement): string[] {
  const conditions: string[] = [];
  if (filter.incidentId !== null)
    conditions.push(`s.incident_id = ${statement.value(filter.incidentId)}::uuid`);
  if (filter.type) conditions.push(`s.type = ANY(${statement.value(filter.type)}::text[])`);
  if (filter.source) conditions.push(`s.source = ANY(${statement.value(filter.source)}::text[])`);
  if (filter.correlationKey !== null) {
    conditions.push(`s.correlation_key = ${statement.value(filter.correlationKey)}`);
  }
  if (filter.traceId !== null) conditions.push(`s.trace_id = ${statement.value(filter.traceId)}`);
  if (filter.cleared !== null) conditions.push(`s.cleared_at IS ${filter.cleared ? 'NOT NULL' : 'NULL'}`);
  if (filter.at?.from) conditions.push(`s.at >= ${statement.value(filter.at.from)}::timestamptz`);
  if (filter.at?.until) conditions.push(`s.at < ${statement.value(filter.at.until)}::timestamptz`);
  return conditions;
}

function cursorConditions(window: Window, statement: Statement, direction: 'ASC' | 'DESC'): string[] {
  const later = direction === 'ASC' ? '>' : '<';
  const earlier = direction === 'ASC' ? '<' : '>';
  const bound = (cursor: string, comparison: string) => {
    const [at, id] = decodeCursor(cursor, ['instant', 'uuid']);
    return `(s.at, s.id) ${comparison} (${statement.value(at)}::timestamptz, ${statement.value(id)}::uuid)`;
  };
  const conditions: string[] = [];
  if (window.after !== null) conditions.push(bound(window.after, later));
  if (window.before !== null) conditions.push(bound(window.before, earlier));
  return conditions;
}

function signalOf(row: Row): SignalRow {
  return {
    id: row.id as string,
    incidentId: row.incident_id as string | null,
    type: row.type as SignalType,
    source: row.source as string,
    serviceId: row.service_id as string | null,
    environment: row.environment as string | null,
    projectId: row.project_id as string | null,
    summary: row.summary as string,
    severity: row.severity as string | null,
    fingerprint: row.fingerprint as string | null,
    correlationKey: row.correlation_key as string | null,
    traceId: row.trace_id as string | null,
    at: row.at as Instant,
    clearedAt: row.cleared_at as Instant | null,
    count: Number(row.count),
    lastSeenAt: row.last_seen_at as Instant,
  };
}
