import type { AccessEntry, AccessOutcome, OperationKind } from '../../domain/access/accessEntry.ts';
import type { ActorKind, MemberRole } from '../../domain/access/actor.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Row } from '../database.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { InstantRange } from './incidentFilter.ts';
import type { ReadScope } from './scope.ts';
import { type Slice, sliceOf, type Window } from './slice.ts';
import { Statement } from './statement.ts';

/** Which entries of the access log are wanted; null leaves a condition out, a list means any of. */
export interface AccessLogFilter {
  readonly actorId: string | null;
  /** At most 100. */
  readonly fields: readonly string[] | null;
  readonly outcome: AccessOutcome | null;
  readonly at: InstantRange | null;
}

const columns = `a.at, a.id, a.request_id, a.actor_kind, a.actor_id, a.actor_role, a.superadmin, a.credential_id,
  a.operation, a.field, a.subjects, a.address, a.user_agent, a.outcome`;

/** Where an entry stands in the log. */
export function accessLogCursor({ at, id }: AccessEntry): string {
  return encodeCursor([at, id]);
}

/** A page of the access log, newest first. @throws CursorError */
export async function accessLogPage(
  scope: ReadScope,
  filter: AccessLogFilter,
  window: Window,
): Promise<Slice<AccessEntry>> {
  const statement = new Statement();
  const conditions = [`a.organization_id = ${statement.value(scope.organizationId)}`];
  if (filter.actorId !== null) conditions.push(`a.actor_id = ${statement.value(filter.actorId)}`);
  // A literal, so that the index of what was refused serves.
  if (filter.outcome !== null) conditions.push(`a.outcome = '${filter.outcome}'`);
  const { from = null, until = null } = filter.at ?? {};
  if (from !== null) conditions.push(`a.at >= ${statement.value(from)}::timestamptz`);
  if (until !== null) conditions.push(`a.at < ${statement.value(until)}::timestamptz`);
  if (window.after !== null) {
    const [at, id] = decodeCursor(window.after, ['instant', 'uuid']);
    const instant = `${statement.value(at)}::timestamptz`;
    // The instant alone, too: it is what leaves later months out.
    conditions.push(`a.at <= ${instant} AND (a.at, a.id) < (${instant}, ${statement.value(id)}::uuid)`);
  }
  const page = (more: string) =>
    `SELECT ${columns} FROM warroom.access_log a WHERE ${[...conditions, more].join(' AND ')}
     ORDER BY a.at DESC, a.id DESC LIMIT ${statement.value(window.size + 1)}`;
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    filter.fields === null ? page('true') : ofFields(filter.fields, page, statement, window),
    statement.parameters,
  );
  return sliceOf(rows.map(entryOf), window);
}

/** The newest of each field, and of them the newest: a rare field is found without walking past all the others. */
function ofFields(
  fields: readonly string[],
  page: (more: string) => string,
  statement: Statement,
  window: Window,
): string {
  return `SELECT a.* FROM unnest(${statement.value([...new Set(fields)])}::text[]) AS f (field)
    CROSS JOIN LATERAL (${page('a.field = f.field')}) a
    ORDER BY a.at DESC, a.id DESC LIMIT ${statement.value(window.size + 1)}`;
}

function entryOf(row: Row): AccessEntry {
  return {
    id: row.id as string,
    at: row.at as Instant,
    requestId: row.request_id as string,
    actor: {
      kind: row.actor_kind as ActorKind,
      id: row.actor_id as string | null,
      role: row.actor_role as MemberRole | null,
    },
    superadmin: row.superadmin as boolean,
    credentialId: row.credential_id as string,
    operation: row.operation as OperationKind,
    field: row.field as string,
    subjects: row.subjects as string[],
    address: row.address as string | null,
    userAgent: row.user_agent as string | null,
    outcome: row.outcome as AccessOutcome,
  };
}
