import type { RunStatus } from '../../domain/detection/runReport.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Row } from '../database.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { slicesByIncident } from './rowsOfIncidents.ts';
import { inOrder, type ReadScope } from './scope.ts';
import { type Slice, sliceOf, type Window } from './slice.ts';
import { Statement } from './statement.ts';

/** What a run is known by. */
export interface RunKey {
  readonly source: string;
  readonly runId: string;
}

/** A run that was reported, with the incident whose burst it is of. */
export interface RunRow extends RunKey {
  readonly target: string;
  readonly status: RunStatus;
  readonly error: string | null;
  readonly incidentId: string | null;
  /** The number of that incident. */
  readonly number: number | null;
  readonly at: Instant;
  readonly reportedAt: Instant;
  /** The bulk action that it says the result of; null for a run that was reported. */
  readonly bulkActionId: string | null;
  /** Its place among the runs of its organization, in order of commit. */
  readonly sequence: number;
}

/** Which runs are wanted; null leaves a condition out, a list means any of. */
export interface RunFilter {
  readonly incidentId: string | null;
  readonly source: readonly string[] | null;
  readonly target: string | null;
  readonly status: readonly RunStatus[] | null;
  /** From (included) until (not included). */
  readonly at: { readonly from: Instant | null; readonly until: Instant | null } | null;
}

const columns =
  'r.source, r.run_id, r.target, r.status, r.error, r.incident_id, i.number, r.at, r.reported_at, r.bulk_action_id, r.sequence';

const incidentOfRun =
  'LEFT JOIN warroom.incident i ON i.organization_id = r.organization_id AND i.id = r.incident_id';

/** Where a run stands in a list of runs. */
export function runCursor(run: RunRow): string {
  return encodeCursor([run.at, run.source, run.runId]);
}

/** A page of an organization's runs, newest first. @throws CursorError */
export async function runPage(scope: ReadScope, filter: RunFilter, window: Window): Promise<Slice<RunRow>> {
  const statement = new Statement();
  const conditions = [
    `r.organization_id = ${statement.value(scope.organizationId)}`,
    ...filterConditions(filter, statement),
    ...cursorConditions(window, statement),
  ];
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT ${columns} FROM warroom.run r ${incidentOfRun} WHERE ${conditions.join(' AND ')}
     ORDER BY ${inDirection(window)} LIMIT ${statement.value(window.size + 1)}`,
    statement.parameters,
  );
  return sliceOf(rows.map(runOf), window);
}

/** The same page of the failed runs of many incidents, newest first, in one statement. @throws CursorError */
export async function runsOfIncidents(
  scope: ReadScope,
  incidentIds: readonly string[],
  window: Window,
): Promise<Slice<RunRow & { readonly incidentId: string | null }>[]> {
  const statement = new Statement();
  const conditions = [
    `r.organization_id = ${statement.value(scope.organizationId)}`,
    'r.incident_id = asked.id',
    ...cursorConditions(window, statement),
  ];
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT page.* FROM unnest(${statement.value([...new Set(incidentIds)])}::uuid[]) AS asked(id)
     CROSS JOIN LATERAL (
       SELECT ${columns} FROM warroom.run r ${incidentOfRun} WHERE ${conditions.join(' AND ')}
       ORDER BY ${inDirection(window)} LIMIT ${statement.value(window.size + 1)}
     ) page`,
    statement.parameters,
  );
  return slicesByIncident(rows.map(runOf), incidentIds, window);
}

/** Runs by source and id, in the order asked for. */
export async function runs(scope: ReadScope, keys: readonly RunKey[]): Promise<(RunRow | null)[]> {
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT ${columns} FROM unnest($2::text[], $3::text[]) AS asked (source, run_id)
     JOIN warroom.run r ON r.organization_id = $1 AND r.source = asked.source AND r.run_id = asked.run_id
     ${incidentOfRun}`,
    [scope.organizationId, keys.map(({ source }) => source), keys.map(({ runId }) => runId)],
  );
  return inOrder(keys.map(runKey), new Map(rows.map(runOf).map((run) => [runKey(run), run])));
}

/** The number that a run of the organization was given last; 0 when there was none. */
export async function runsHead(scope: ReadScope): Promise<number> {
  const [row] = await scope.database.asOrganization(
    scope.organizationId,
    'SELECT sequence FROM warroom.run_head WHERE organization_id = $1',
    [scope.organizationId],
  );
  return Number(row?.sequence ?? 0);
}

/**
 * The runs that were committed right after the one of this sequence, in that order, at most `limit` (≤ 500); and the last
 * number given when they were read, in one snapshot: what is up to it and not here is no more.
 */
export async function runsAfter(
  scope: ReadScope,
  after: number,
  limit: number,
): Promise<{ readonly runs: readonly RunRow[]; readonly head: number }> {
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT h.sequence AS head, page.* FROM warroom.run_head h
     LEFT JOIN LATERAL (
       SELECT ${columns} FROM warroom.run r ${incidentOfRun}
       WHERE r.organization_id = $1 AND r.sequence > $2 ORDER BY r.sequence LIMIT $3
     ) page ON true
     WHERE h.organization_id = $1 ORDER BY page.sequence`,
    [scope.organizationId, after, limit],
    'runs-after',
  );
  const runs = rows.filter(({ sequence }) => sequence !== null).map(runOf);
  return { runs, head: Number(rows[0]?.head ?? 0) };
}

/** A run's key as one text. */
export function runKey({ source, runId }: RunKey): string {
  return `${source}\n${runId}`;
}

function inDirection({ backward }: Window): string {
  const direction = backward ? 'ASC' : 'DESC';
  return `r.at ${direction}, r.source ${direction}, r.run_id ${direction}`;
}

function filterConditions(filter: RunFilter, statement: Statement): string[] {
  const conditions: string[] = [];
  if (filter.incidentId !== null)
    conditions.push(`r.incident_id = ${statement.value(filter.incidentId)}::uuid`);
  if (filter.source) conditions.push(`r.source = ANY(${statement.value(filter.source)}::text[])`);
  if (filter.target !== null) conditions.push(`r.target = ${statement.value(filter.target)}`);
  if (filter.status) conditions.push(`r.status = ANY(${statement.value(filter.status)}::text[])`);
  if (filter.at?.from) conditions.push(`r.at >= ${statement.value(filter.at.from)}::timestamptz`);
  if (filter.at?.until) conditions.push(`r.at < ${statement.value(filter.at.until)}::timestamptz`);
  return conditions;
}

function cursorConditions(window: Window, statement: Statement): string[] {
  const bound = (cursor: string, comparison: string) => {
    const [at, source, runId] = decodeCursor(cursor, ['instant', 'text', 'text']);
    return `(r.at, r.source, r.run_id) ${comparison}
      (${statement.value(at)}::timestamptz, ${statement.value(source)}, ${statement.value(runId)})`;
  };
  return [
    ...(window.after === null ? [] : [bound(window.after, '<')]),
    ...(window.before === null ? [] : [bound(window.before, '>')]),
  ];
}

function runOf(row: Row): RunRow {
  return {
    source: row.source as string,
    runId: row.run_id as string,
    target: row.target as string,
    status: row.status as RunStatus,
    error: row.error as string | null,
    incidentId: row.incident_id as string | null,
    number: row.number === null ? null : Number(row.number),
    at: row.at as Instant,
    reportedAt: row.reported_at as Instant,
    bulkActionId: row.bulk_action_id as string | null,
    sequence: Number(row.sequence),
  };
}
