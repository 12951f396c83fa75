import {
  type ActionOutcome,
  actionBodyOf,
  type Judged,
  judgeOutcome,
  pauseBefore,
  triesLimit,
} from '../domain/bulkAction/actionRequest.ts';
import { webhookOf } from '../domain/bulkAction/actionWebhook.ts';
import { type Instant, plusMilliseconds } from '../domain/instant.ts';
import { beginBulkTarget, delayBulkTarget, finishBulkTarget, type HeldTarget } from '../store/bulkActions.ts';
import type { BulkActionRow, BulkTargetRow } from '../store/read/bulkActions.ts';
import { currentPolicy } from '../store/read/policy.ts';
import type { ActionPace } from './actionPace.ts';
import { actionWebhookSecretsOf } from './actionWebhookSecrets.ts';
import type { BulkRunnerOptions } from './bulkRunner.ts';
import { pause } from './pause.ts';
import type { ReceiverRest } from './receiverRest.ts';
import { UnsealableError } from './sealing.ts';

/** What a target is carried out with. */
export interface TargetRoom extends BulkRunnerOptions {
  readonly organizationId: string;
  readonly holder: string;
  /** The reference of the incident. */
  readonly reference: string;
  /** Nothing is tried again, and nothing more begun. */
  readonly closing: AbortSignal;
  /** What is left goes on elsewhere, or later: nothing is given up for want of another try. */
  readonly leaving: AbortSignal;
  /** The request under way ends. */
  readonly aborting: AbortSignal;
  /** Until when the receiver wants to be left alone. */
  readonly rest: ReceiverRest;
  /** When the next request may go out. */
  readonly pace: ActionPace;
}

/** What a target's last try came to, and when it is asked again. */
interface Wait {
  readonly judged: Judged;
  readonly until: Instant;
}

/** Milliseconds between tries to keep a result that the database does not take. */
const keepAgainAfter = 250;

/**
 * Asks the source's webhook for one target, at most three times under one id, and keeps what it came to. Between two
 * tries it waits, without a place, and says until when, so that whoever goes on with it waits as long; cancelling ends the
 * wait with what the last try came to. False when it may not go on: the action is cancelled or another instance's, or
 * the process stops; it is then left as it is.
 * @throws the database's error.
 */
export async function carryOutTarget(
  room: TargetRoom,
  row: BulkActionRow,
  target: BulkTargetRow,
): Promise<boolean> {
  const { organizationId, holder, rest, pace, closing, leaving } = room;
  const held = { organizationId, holder, bulkActionId: row.id, ordinal: target.ordinal };
  const request = target.request ?? requestOf(room, row, target);
  let waits = waitOf(target);
  for (let tries = target.attempts + 1; ; tries++) {
    if (waits !== null) await rest.over(waits.until);
    // What somebody had under way who is gone is asked about although all is cancelled: what became of it is unknown.
    const ending = target.state === 'RUNNING' && waits === null ? leaving : closing;
    const giveBack = await pace.turn(ending);
    if (giveBack === null) {
      return waits === null || leaving.aborted ? false : ended(room, held, waits.judged);
    }
    try {
      const tried = await tryOnce(room, row, { held, request, tries });
      if (typeof tried === 'boolean') return tried;
      waits = tried;
    } finally {
      giveBack();
    }
  }
}

interface Try {
  readonly held: HeldTarget;
  readonly request: string;
  /** Which one it is, from 1. */
  readonly tries: number;
}

/** Asks once: what it waits for then, or that it is over (true) or may not go on (false). */
async function tryOnce(
  room: TargetRoom,
  row: BulkActionRow,
  { held, request, tries }: Try,
): Promise<boolean | Wait> {
  const { database, clock, progress, rest } = room;
  if (!(await beginBulkTarget(database, held, { now: clock.now(), request }))) return false;
  progress.changed(row.id);
  const outcome = await ask(room, row, held.ordinal, request);
  // Ended by us: what became of it is unknown, and whoever goes on asks again under the same id.
  if (room.aborting.aborted) return false;
  const judged = judgeOutcome(outcome);
  const now = clock.now();
  if (judged.rest !== null) rest.extend(plusMilliseconds(now, judged.rest));
  const isCancelled = room.closing.aborted && !room.leaving.aborted;
  if (!judged.isWorthAnotherTry || tries >= triesLimit || isCancelled) return ended(room, held, judged);
  const waits = { judged, until: plusMilliseconds(now, pauseBefore(tries + 1, judged.rest)) };
  if (!(await delayBulkTarget(database, held, { ...judged, until: waits.until }))) return false;
  progress.changed(row.id);
  return waits;
}

/** What a target waits for that another instance, or this one before it ended, was to ask again. */
function waitOf({ retryAt, httpStatus, response, error }: BulkTargetRow): Wait | null {
  if (retryAt === null) return null;
  const judged = {
    state: 'FAILED',
    httpStatus,
    response,
    error,
    isWorthAnotherTry: true,
    rest: null,
  } as const;
  return { judged, until: retryAt };
}

async function ended(room: TargetRoom, held: HeldTarget, judged: Judged): Promise<boolean> {
  const isKept = await keep(room, held, judged);
  room.inbox.ring(held.organizationId, 'RUNS');
  room.progress.changed(held.bulkActionId);
  return isKept;
}

function requestOf({ reference }: TargetRoom, row: BulkActionRow, { target }: BulkTargetRow): string {
  return actionBodyOf({
    bulkActionId: row.id,
    source: row.source,
    action: row.action,
    target,
    incidentId: row.incidentId,
    reference,
    requestedBy: row.actor,
    requestedAt: row.startedAt,
  });
}

/** To where the source's webhook is now, signed with what it has now. */
async function ask(
  { database, clock, sealing, send, organizationId, aborting }: TargetRoom,
  { id, source }: BulkActionRow,
  ordinal: number,
  body: string,
): Promise<ActionOutcome> {
  const url = webhookOf(await currentPolicy(database, organizationId), source)?.url;
  const at = clock.now();
  const of = { organizationId, source };
  const secrets = await actionWebhookSecretsOf({ database, sealing }, of, at).catch(unlessUnsealable);
  if (secrets === null) {
    return {
      kind: 'FAILED',
      reason: 'The secret of the webhook was sealed with another WARROOM_SECRET_KEY.',
    };
  }
  if (url === undefined || secrets.length === 0) {
    return { kind: 'FORBIDDEN', reason: 'The source has no action webhook any more.' };
  }
  return send({ url, id: `${id}/${ordinal}`, at, body, secrets, signal: aborting });
}

/** Another instance, or this one with its key back, may be able to: it is tried again. */
function unlessUnsealable(error: unknown): null {
  if (error instanceof UnsealableError) return null;
  throw error;
}

/** A result that is lost would have its request sent again, so it is kept as long as the action is ours. */
async function keep(
  { database, clock, aborting }: TargetRoom,
  held: HeldTarget,
  { isWorthAnotherTry: _, rest: __, ...result }: Judged,
): Promise<boolean> {
  for (;;) {
    try {
      return await finishBulkTarget(database, held, { ...result, at: clock.now() });
    } catch (error) {
      if (aborting.aborted) throw error;
      await pause(keepAgainAfter, aborting);
    }
  }
}
