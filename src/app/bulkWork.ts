import { setMaxListeners } from 'node:events';
import { systemActor } from '../domain/access/actor.ts';
import { bulkTargetLimit, concurrencyLimit } from '../domain/bulkAction/bulkAction.ts';
import { referenceOf } from '../domain/incident/state.ts';
import { cancelBulkTargets, type HeldBulkAction } from '../store/bulkActions.ts';
import {
  type BulkActionRow,
  type BulkTargetRow,
  bulkActionOf,
  bulkTargetCursor,
  targetsOfBulkActions,
} from '../store/read/bulkActions.ts';
import { incidents } from '../store/read/incidents.ts';
import { mutesOfBulkAction } from '../store/read/mutesOfBulkAction.ts';
import { rowsById } from '../store/read/rowsOfIncidents.ts';
import { ActionPace } from './actionPace.ts';
import { mutesDigestOf, resultsDigestOf } from './bulkDigests.ts';
import type { BulkRunnerOptions } from './bulkRunner.ts';
import type { CallTurns } from './callTurns.ts';
import { carryOutTarget, type TargetRoom } from './carryOutTarget.ts';
import { LeftTargets, type ReadTargets } from './leftTargets.ts';
import { pause } from './pause.ts';
import { ReceiverRest } from './receiverRest.ts';
import type { Turns } from './turns.ts';

/** Ended so long before the lease is, in milliseconds: no request of ours is under way when another instance begins. */
const margin = 1_500;

/** Milliseconds that what is under way may take when the process stops. */
const stopsWithin = 5_000;

/** Targets that are not over. */
const open = ['RUNNING', 'PENDING'] as const;

/** Targets of one action that are in memory at a time, beside those that are begun. */
const pageSize = 50;

/** What a bulk action is worked off with. */
export interface BulkWorkRoom extends BulkRunnerOptions {
  readonly holder: string;
  /** Places for requests. */
  readonly calls: CallTurns;
  /** Turns at ending: one that ends has all its results in memory. */
  readonly endings: Turns;
}

/** One bulk action that this process works off, as long as it has the lease. */
export class BulkWork {
  /** Resolves when it is over, or another's; rejects when it could not go on. */
  readonly ended: Promise<void>;
  readonly #room: BulkWorkRoom;
  readonly #held: HeldBulkAction;
  /** No further target is begun. */
  readonly #closing = new AbortController();
  /** What is left goes on elsewhere, or later. */
  readonly #leaving = new AbortController();
  /** Requests under way end, too. */
  readonly #aborting = new AbortController();
  #isCancelled: boolean;
  #lease: NodeJS.Timeout | undefined;

  constructor(room: BulkWorkRoom, held: HeldBulkAction) {
    this.#room = room;
    this.#held = held;
    this.#isCancelled = held.isCancelled;
    // Each target under way waits with one of them at a time.
    const controllers = [this.#closing, this.#leaving, this.#aborting];
    setMaxListeners(2 * concurrencyLimit, ...controllers.map(({ signal }) => signal));
    if (held.isCancelled) this.#closing.abort();
    this.ended = this.#work().finally(() => clearTimeout(this.#lease));
  }

  /** It is ours for so many more milliseconds. */
  renew(milliseconds: number): void {
    clearTimeout(this.#lease);
    this.#lease = setTimeout(() => this.#abandon(), Math.max(0, milliseconds - margin)).unref();
  }

  /** Begins no further target: what was not begun is left out. */
  cancel(): void {
    this.#isCancelled = true;
    this.#closing.abort();
  }

  /** Begins no further target, and resolves when what is under way has ended; in a few seconds it is given up. */
  async stop(): Promise<void> {
    this.leave();
    const inTime = setTimeout(() => this.#abandon(), stopsWithin).unref();
    await this.ended.catch(() => {});
    clearTimeout(inTime);
  }

  /** Begins no further target, and tries none again: somebody else will. */
  leave(): void {
    this.#leaving.abort();
    this.#closing.abort();
  }

  #abandon(): void {
    this.leave();
    this.#aborting.abort();
  }

  async #work(): Promise<void> {
    const { database, clock, progress, inbox, holder } = this.#room;
    const { organizationId, bulkActionId } = this.#held;
    const scope = { database, organizationId };
    const [row] = await rowsById(scope, 'bulk_action', [bulkActionId], bulkActionOf);
    if (row == null || row.finishedAt !== null) return;
    if (row.cancelledAt === null) {
      const begun = await this.#targets(['RUNNING']);
      await this.#carryOut(row, begun, (after) => this.#targets(['PENDING'], pageSize, after));
    }
    // Cancelled meanwhile or by now: what had been begun by somebody who is gone is asked about once more.
    if (this.#isCancelled || row.cancelledAt !== null) {
      await cancelBulkTargets(database, { organizationId, holder, bulkActionId }, clock.now());
      inbox.ring(organizationId, 'RUNS');
      await this.#carryOut(row, await this.#targets(['RUNNING']), null);
    }
    progress.changed(bulkActionId);
    if (this.#aborting.signal.aborted || (await this.#targets(open, 1)).length > 0) return;
    await this.#endInTurn(row);
  }

  async #targets(
    states: readonly BulkTargetRow['state'][] | null,
    size = bulkTargetLimit,
    last: BulkTargetRow | null = null,
  ): Promise<readonly BulkTargetRow[]> {
    const { database } = this.#room;
    const { organizationId, bulkActionId } = this.#held;
    const window = { size, backward: false, after: last && bulkTargetCursor(last), before: null };
    const [slice] = await targetsOfBulkActions({ database, organizationId }, [bulkActionId], window, states);
    return slice?.items ?? [];
  }

  /** So many at a time, each when it is its turn; those that were begun before come first. */
  async #carryOut(
    row: BulkActionRow,
    begun: readonly BulkTargetRow[],
    read: ReadTargets | null,
  ): Promise<void> {
    const { organizationId, bulkActionId } = this.#held;
    const { database, clock, calls, pause: rests = pause } = this.#room;
    const closing = this.#closing.signal;
    const signals = { closing, leaving: this.#leaving.signal, aborting: this.#aborting.signal };
    const [incident] = await incidents({ database, organizationId }, [row.incidentId]);
    const reference = incident == null ? '' : referenceOf(incident.number);
    const rest = new ReceiverRest({ clock, pause: rests, closing });
    for (const { retryAt } of begun) if (retryAt !== null) rest.extend(retryAt);
    const caller = { organizationId, bulkActionId };
    const { throttleMilliseconds } = row;
    const pace = new ActionPace({ caller, turns: calls, rest, throttleMilliseconds, closing });
    const room: TargetRoom = { ...this.#room, ...signals, organizationId, reference, rest, pace };
    const left = new LeftTargets(begun, read);
    const workOff = async (): Promise<void> => {
      for (let target = await left.next(); target !== null; target = await left.next()) {
        if (!(await carryOutTarget(room, row, target))) return;
      }
    };
    // One that fails ends the others, too, and is heard of once they have ended: whoever goes on then, goes on alone.
    const works = Array.from({ length: Math.min(row.concurrency, row.targetCount) }, () =>
      workOff().catch((error: unknown) => {
        this.leave();
        throw error;
      }),
    );
    const failed = (await Promise.allSettled(works)).find((work) => work.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async #endInTurn(row: BulkActionRow): Promise<void> {
    const { endings } = this.#room;
    await endings.take();
    try {
      if (!this.#aborting.signal.aborted) await this.#finish(row);
    } finally {
      endings.give();
    }
  }

  async #finish({ incidentId }: BulkActionRow): Promise<void> {
    const { database, handle, progress } = this.#room;
    const { organizationId, bulkActionId } = this.#held;
    const targets = await this.#targets(null);
    const mutes = await mutesOfBulkAction({ database, organizationId }, bulkActionId);
    const count = (state: BulkTargetRow['state']) =>
      targets.filter((target) => target.state === state).length;
    const answer = await handle({
      organizationId,
      actor: systemActor,
      target: { by: 'id', incidentId },
      command: {
        name: 'finishBulkAction',
        input: {
          bulkActionId,
          succeeded: count('SUCCEEDED'),
          failed: count('FAILED'),
          cancelled: count('CANCELLED'),
          resultsDigest: resultsDigestOf(targets),
          mutesDigest: mutesDigestOf(bulkActionId, mutes),
        },
      },
    });
    if (answer.kind === 'refused') throw new Error(answer.refusal.message);
    progress.changed(bulkActionId);
  }
}
