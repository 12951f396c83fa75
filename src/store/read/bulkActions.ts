import type { Actor, ActorKind, MemberRole } from '../../domain/access/actor.ts';
import type {
  BulkActionCounts,
  BulkActionKind,
  BulkTargetState,
} from '../../domain/bulkAction/bulkAction.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Row } from '../database.ts';
import { CursorError, decodeCursor, encodeCursor } from './cursor.ts';
import { inOrder, type ReadScope } from './scope.ts';
import { emptySlice, type Slice, sliceOf, type Window } from './slice.ts';
import { Statement } from './statement.ts';

/** A bulk action. */
export interface BulkActionRow {
  readonly id: string;
  readonly incidentId: string;
  readonly source: string;
  readonly action: BulkActionKind;
  readonly targetCount: number;
  readonly concurrency: number;
  readonly throttleMilliseconds: number;
  readonly actor: Actor;
  readonly startedAt: Instant;
  readonly cancelledAt: Instant | null;
  readonly finishedAt: Instant | null;
  /** What its targets came to; null while it runs. */
  readonly outcome: BulkActionCounts | null;
  /** When its targets were forgotten; null while they are kept. */
  readonly resultsSweptAt: Instant | null;
  /** The incident's version right after its start: its cursor. */
  readonly version: number;
}

/** How many targets of a bulk action are how far. */
export interface BulkTargetCounts extends Readonly<Record<BulkTargetState, number>> {
  /** When the last of those that wait for another try is asked again; null when none waits. */
  readonly retryAt: Instant | null;
}

/** A target of a bulk action, and what it came to. */
export interface BulkTargetRow {
  readonly bulkActionId: string;
  readonly ordinal: number;
  readonly target: string;
  readonly state: BulkTargetState;
  readonly attempts: number;
  readonly request: string | null;
  readonly httpStatus: number | null;
  readonly response: string | null;
  readonly error: string | null;
  readonly at: Instant | null;
  /** When it is asked again; null unless it waits for that. */
  readonly retryAt: Instant | null;
}

/** A row of `bulk_action`. */
export function bulkActionOf(row: Row): BulkActionRow {
  return {
    id: row.id as string,
    incidentId: row.incident_id as string,
    source: row.source as string,
    action: row.action as BulkActionKind,
    targetCount: Number(row.target_count),
    concurrency: Number(row.concurrency),
    throttleMilliseconds: Number(row.throttle_milliseconds),
    actor: {
      kind: row.actor_kind as ActorKind,
      id: row.actor_id as string | null,
      role: row.actor_role as MemberRole | null,
    },
    startedAt: row.started_at as Instant,
    cancelledAt: row.cancelled_at as Instant | null,
    finishedAt: row.finished_at as Instant | null,
    outcome:
      row.finished_at === null
        ? null
        : {
            succeeded: Number(row.succeeded_count),
            failed: Number(row.failed_count),
            cancelled: Number(row.cancelled_count),
          },
    resultsSweptAt: row.results_swept_at as Instant | null,
    version: Number(row.version),
  };
}

const noTargets = { PENDING: 0, RUNNING: 0, SUCCEEDED: 0, FAILED: 0, CANCELLED: 0 };

/** How many targets of each bulk action are how far, in the order asked for; null once they are forgotten. */
export async function bulkTargetCounts(
  { database, organizationId }: ReadScope,
  ids: readonly string[],
): Promise<(BulkTargetCounts | null)[]> {
  const rows = await database.asOrganization(
    organizationId,
    `SELECT t.bulk_action_id, t.state, count(*)::int AS count, max(t.retry_at) AS retry_at
     FROM warroom.bulk_action_target t
     WHERE t.organization_id = $1 AND t.bulk_action_id = ANY($2::uuid[]) GROUP BY t.bulk_action_id, t.state`,
    [organizationId, [...new Set(ids)]],
  );
  const counts = new Map<string, BulkTargetCounts>();
  for (const row of rows) {
    const id = row.bulk_action_id as string;
    // Only what is RUNNING waits for another try.
    const retryAt = (row.retry_at as Instant | null) ?? counts.get(id)?.retryAt ?? null;
    const own = { ...(counts.get(id) ?? noTargets), retryAt };
    counts.set(id, { ...own, [row.state as BulkTargetState]: Number(row.count) });
  }
  return inOrder(ids, counts);
}

/** Where a target stands among those of its bulk action. */
export function bulkTargetCursor({ ordinal }: BulkTargetRow): string {
  return encodeCursor([String(ordinal).padStart(4, '0')]);
}

/** @throws CursorError */
function ordinalOf(cursor: string): number {
  const [text] = decodeCursor(cursor, ['text']);
  if (!/^\d{4}$/.test(String(text))) throw new CursorError();
  return Number(text);
}

/** The same page of the targets of many bulk actions, in their order, in one statement. @throws CursorError */
export async function targetsOfBulkActions(
  scope: ReadScope,
  ids: readonly string[],
  window: Window,
  states: readonly BulkTargetState[] | null,
): Promise<Slice<BulkTargetRow>[]> {
  const statement = new Statement();
  const conditions = [
    `t.organization_id = ${statement.value(scope.organizationId)}`,
    't.bulk_action_id = asked.id',
  ];
  const bound = (cursor: string) => `${statement.value(ordinalOf(cursor))}::int`;
  if (window.after !== null) conditions.push(`t.ordinal > ${bound(window.after)}`);
  if (window.before !== null) conditions.push(`t.ordinal < ${bound(window.before)}`);
  if (states !== null) conditions.push(`t.state = ANY(${statement.value(states)}::text[])`);
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT page.* FROM unnest(${statement.value([...new Set(ids)])}::uuid[]) AS asked(id)
     CROSS JOIN LATERAL (
       SELECT t.bulk_action_id, t.ordinal, t.target, t.state, t.attempts, t.request, t.http_status, t.response,
         t.error, t.at, t.retry_at
       FROM warroom.bulk_action_target t WHERE ${conditions.join(' AND ')}
       ORDER BY t.ordinal ${window.backward ? 'DESC' : 'ASC'} LIMIT ${statement.value(window.size + 1)}
     ) page`,
    statement.parameters,
  );
  const byAction = new Map<string, BulkTargetRow[]>();
  for (const target of rows.map(bulkTargetOf)) {
    byAction.set(target.bulkActionId, [...(byAction.get(target.bulkActionId) ?? []), target]);
  }
  return inOrder(ids, byAction).map((list) => (list === null ? emptySlice : sliceOf(list, window)));
}

/** How many bulk actions of an organization are not over, counted up to `most`. */
export async function runningBulkActions(
  { database, organizationId }: ReadScope,
  most: number,
): Promise<number> {
  const rows = await database.asOrganization(
    organizationId,
    'SELECT 1 FROM warroom.bulk_action WHERE organization_id = $1 AND finished_at IS NULL LIMIT $2',
    [organizationId, most],
  );
  return rows.length;
}

function bulkTargetOf(row: Row): BulkTargetRow {
  return {
    bulkActionId: row.bulk_action_id as string,
    ordinal: Number(row.ordinal),
    target: row.target as string,
    state: row.state as BulkTargetState,
    attempts: Number(row.attempts),
    request: row.request as string | null,
    httpStatus: row.http_status === null ? null : Number(row.http_status),
    response: row.response as string | null,
    error: row.error as string | null,
    at: row.at as Instant | null,
    retryAt: row.retry_at as Instant | null,
  };
}
