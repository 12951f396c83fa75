import type { ErrorOutcome, ErrorSeverity } from '../../domain/detection/errorReport.ts';
import { errorKey } from '../../domain/detection/knownErrors.ts';
import { type IncidentSeverity, severities } from '../../domain/incident/vocabulary.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Row } from '../database.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { ReadScope } from './scope.ts';
import { type Slice, sliceOf, type Window } from './slice.ts';
import { Statement } from './statement.ts';

/** An error that was reported, with the incident it became or joined. */
export interface ReportedErrorRow {
  readonly errorId: string;
  readonly incidentId: string | null;
  /** The number of that incident. */
  readonly number: number | null;
  readonly outcome: ErrorOutcome;
  readonly fingerprint: string;
  readonly severity: ErrorSeverity;
  /** What `severity` reads as. */
  readonly level: IncidentSeverity;
  readonly source: string;
  readonly component: string | null;
  readonly type: string | null;
  readonly message: string;
  readonly environment: string | null;
  readonly correlationKey: string | null;
  readonly traceId: string | null;
  /** JSON text. */
  readonly data: string | null;
  readonly at: Instant;
  readonly reportedAt: Instant;
}

/** Which errors are wanted; null leaves a condition out, a list means any of. */
export interface ReportedErrorFilter {
  readonly incidentId: string | null;
  readonly severity: readonly ErrorSeverity[] | null;
  readonly source: readonly string[] | null;
  readonly fingerprint: string | null;
  /** From (included) until (not included). */
  readonly at: { readonly from: Instant | null; readonly until: Instant | null } | null;
}

const columns = `r.error_id, r.incident_id, i.number, r.outcome, r.fingerprint, r.severity, r.level, r.source, r.component,
  r.type, r.message, r.environment, r.correlation_key, r.trace_id, r.data, r.at, r.reported_at`;

const tables = `warroom.reported_error r
  LEFT JOIN warroom.incident i ON i.organization_id = r.organization_id AND i.id = r.incident_id`;

/** Where an error stands in a list of errors. */
export function reportedErrorCursor(error: ReportedErrorRow): string {
  return encodeCursor([error.at, error.errorId, error.source, error.level]);
}

/** A page of an organization's errors, newest first. @throws CursorError */
export async function reportedErrorPage(
  scope: ReadScope,
  filter: ReportedErrorFilter,
  window: Window,
): Promise<Slice<ReportedErrorRow>> {
  const statement = new Statement();
  const conditions = [
    `r.organization_id = ${statement.value(scope.organizationId)}`,
    ...filterConditions(filter, statement),
    ...cursorConditions(window, statement),
  ];
  const direction = window.backward ? 'ASC' : 'DESC';
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT ${columns} FROM ${tables} WHERE ${conditions.join(' AND ')}
     ORDER BY r.at ${direction}, r.error_id ${direction}, r.source ${direction}, r.level ${direction}
     LIMIT ${statement.value(window.size + 1)}`,
    statement.parameters,
  );
  return sliceOf(rows.map(reportedErrorOf), window);
}

/** The rows of these errors, one for each level that each was reported under. */
export async function reportedErrors(
  scope: ReadScope,
  errors: readonly Pick<ReportedErrorRow, 'source' | 'errorId'>[],
): Promise<readonly ReportedErrorRow[]> {
  const unique = new Map(errors.map((error) => [errorKey(error), error]));
  const named = [...unique.values()];
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT ${columns} FROM unnest($2::text[], $3::text[]) AS q (source, error_id)
     JOIN ${tables} ON r.organization_id = $1 AND r.error_id = q.error_id AND r.source = q.source`,
    [scope.organizationId, named.map(({ source }) => source), named.map(({ errorId }) => errorId)],
  );
  return rows.map(reportedErrorOf);
}

/** How many sources of one `errorId` are told apart. */
export const sourcesOfErrorIdLimit = 10;

/**
 * What was reported under this id, by source, and of each source the most severe first. Without a source at most so many
 * that more than {@link sourcesOfErrorIdLimit} sources show.
 */
export async function errorsOfId(
  scope: ReadScope,
  errorId: string,
  source: string | null,
): Promise<readonly ReportedErrorRow[]> {
  const statement = new Statement();
  const conditions = [
    `r.organization_id = ${statement.value(scope.organizationId)}`,
    `r.error_id = ${statement.value(errorId)}`,
    ...(source === null ? [] : [`r.source = ${statement.value(source)}`]),
  ];
  const limit = (sourcesOfErrorIdLimit + 1) * severities.length;
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT ${columns} FROM ${tables} WHERE ${conditions.join(' AND ')}
     ORDER BY r.source, r.level LIMIT ${statement.value(limit)}`,
    statement.parameters,
  );
  return rows.map(reportedErrorOf);
}

function filterConditions(filter: ReportedErrorFilter, statement: Statement): string[] {
  const conditions: string[] = [];
  if (filter.incidentId !== null)
    conditions.push(`r.incident_id = ${statement.value(filter.incidentId)}::uuid`);
  if (filter.severity) conditions.push(`r.severity = ANY(${statement.value(filter.severity)}::text[])`);
  if (filter.source) conditions.push(`r.source = ANY(${statement.value(filter.source)}::text[])`);
  if (filter.fingerprint !== null) conditions.push(`r.fingerprint = ${statement.value(filter.fingerprint)}`);
  if (filter.at?.from) conditions.push(`r.at >= ${statement.value(filter.at.from)}::timestamptz`);
  if (filter.at?.until) conditions.push(`r.at < ${statement.value(filter.at.until)}::timestamptz`);
  return conditions;
}

function cursorConditions(window: Window, statement: Statement): string[] {
  const bound = (cursor: string, comparison: string) => {
    const [at, ...names] = decodeCursor(cursor, ['instant', 'text', 'text', 'text']);
    const values = [`${statement.value(at)}::timestamptz`, ...names.map((name) => statement.value(name))];
    return `(r.at, r.error_id, r.source, r.level) ${comparison} (${values.join(', ')})`;
  };
  return [
    ...(window.after === null ? [] : [bound(window.after, '<')]),
    ...(window.before === null ? [] : [bound(window.before, '>')]),
  ];
}

function reportedErrorOf(row: Row): ReportedErrorRow {
  return {
    errorId: row.error_id as string,
    incidentId: row.incident_id as string | null,
    number: row.number === null ? null : Number(row.number),
    outcome: row.outcome as ErrorOutcome,
    fingerprint: row.fingerprint as string,
    severity: row.severity as ErrorSeverity,
    level: row.level as IncidentSeverity,
    source: row.source as string,
    component: row.component as string | null,
    type: row.type as string | null,
    message: row.message as string,
    environment: row.environment as string | null,
    correlationKey: row.correlation_key as string | null,
    traceId: row.trace_id as string | null,
    data: row.data as string | null,
    at: row.at as Instant,
    reportedAt: row.reported_at as Instant,
  };
}
