import { systemActor } from '../domain/access/actor.ts';
import { referenceOf } from '../domain/incident/state.ts';
import { cancelBulkTargets, type HeldBulkAction } from '../store/bulkActions.ts';
import {
  type BulkActionRow,
  type BulkTargetRow,
  bulkActionOf,
  targetsOfBulkActions,
} from '../store/read/bulkActions.ts';
import { incidents } from '../store/read/incidents.ts';
import { mutesOfBulkAction } from '../store/read/mutesOfBulkAction.ts';
import { rowsById } from '../store/read/rowsOfIncidents.ts';
import { mutesDigestOf, resultsDigestOf } from './bulkDigests.ts';
import type { BulkRunnerOptions } from './bulkRunner.ts';
import { carryOutTarget, type TargetRoom } from './carryOutTarget.ts';
import { pause } from './pause.ts';
import { ReceiverRest } from './receiverRest.ts';

/** Ended so long before the lease is, in milliseconds: no request of ours is under way when another instance begins. */
const margin = 1_500;

/** Milliseconds that what is under way may take when the process stops. */
const stopsWithin = 5_000;

/** Targets that are not over: all of them, whoever began them. */
const open = ['RUNNING', 'PENDING'] as const;

/** One bulk action that this process works off, as long as it has the lease. */
export class BulkWork {
  /** Resolves when it is over, or another's; rejects when it could not go on. */
  readonly ended: Promise<void>;
  readonly #room: BulkRunnerOptions & { readonly holder: string };
  readonly #held: HeldBulkAction;
  /** No further target is begun. */
  readonly #closing = new AbortController();
  /** What is left goes on elsewhere, or later. */
  readonly #leaving = new AbortController();
  /** Requests under way end, too. */
  readonly #aborting = new AbortController();
  #isCancelled: boolean;
  #lease: NodeJS.Timeout | undefined;

  constructor(room: BulkRunnerOptions & { readonly holder: string }, held: HeldBulkAction) {
    this.#room = room;
    this.#held = held;
    this.#isCancelled = held.isCancelled;
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
    this.#leave();
    const inTime = setTimeout(() => this.#abandon(), stopsWithin).unref();
    await this.ended.catch(() => {});
    clearTimeout(inTime);
  }

  /** Begins no further target, and tries none again: somebody else will. */
  #leave(): void {
    this.#leaving.abort();
    this.#closing.abort();
  }

  #abandon(): void {
    this.#leave();
    this.#aborting.abort();
  }

  async #work(): Promise<void> {
    const { database, clock, progress, inbox, holder } = this.#room;
    const { organizationId, bulkActionId } = this.#held;
    const scope = { database, organizationId };
    const [row] = await rowsById(scope, 'bulk_action', [bulkActionId], bulkActionOf);
    if (row == null || row.finishedAt !== null) return;
    if (row.cancelledAt === null) await this.#carryOut(row, await this.#targets(open));
    // Cancelled meanwhile or by now: what had been begun by somebody who is gone is asked about once more.
    if (this.#isCancelled || row.cancelledAt !== null) {
      await cancelBulkTargets(database, { organizationId, holder, bulkActionId }, clock.now());
      inbox.ring(organizationId, 'RUNS');
      await this.#carryOut(row, await this.#targets(['RUNNING']));
    }
    progress.changed(bulkActionId);
    if (!this.#aborting.signal.aborted && (await this.#targets(open)).length === 0) await this.#finish(row);
  }

  async #targets(states: readonly BulkTargetRow['state'][] | null): Promise<readonly BulkTargetRow[]> {
    const { database } = this.#room;
    const { organizationId, bulkActionId } = this.#held;
    const window = { size: 1_000, backward: false, after: null, before: null };
    const [slice] = await targetsOfBulkActions({ database, organizationId }, [bulkActionId], window, states);
    return slice?.items ?? [];
  }

  /** So many at a time, the beginnings of two so long apart; those that were begun before come first. */
  async #carryOut(row: BulkActionRow, targets: readonly BulkTargetRow[]): Promise<void> {
    const { organizationId } = this.#held;
    const signals = {
      closing: this.#closing.signal,
      leaving: this.#leaving.signal,
      aborting: this.#aborting.signal,
    };
    const [incident] = await incidents({ database: this.#room.database, organizationId }, [row.incidentId]);
    const reference = incident == null ? '' : referenceOf(incident.number);
    const { clock, pause: rests = pause } = this.#room;
    const rest = new ReceiverRest({ clock, pause: rests, closing: signals.closing });
    for (const { retryAt } of targets) if (retryAt !== null) rest.extend(retryAt);
    const room: TargetRoom = { ...this.#room, ...signals, organizationId, reference, rest };
    const left = [...targets].sort((one, other) => Number(isBegun(other)) - Number(isBegun(one)));
    let next = performance.now();
    const workOff = async (): Promise<void> => {
      for (let target = left.shift(); target !== undefined; target = left.shift()) {
        await rest.over();
        const wait = next - performance.now();
        next = Math.max(next, performance.now()) + row.throttleMilliseconds;
        if (wait > 0) await pause(wait, signals.closing);
        // What is under way elsewhere, and only there, may be asked about although it is cancelled.
        if (signals.aborting.aborted || (signals.closing.aborted && !isBegun(target))) return;
        if (!(await carryOutTarget(room, row, target))) return;
      }
    };
    // One that fails ends the others, too, and is heard of once they have ended: whoever goes on then, goes on alone.
    const works = Array.from({ length: Math.min(row.concurrency, left.length) }, () =>
      workOff().catch((error: unknown) => {
        this.#leave();
        throw error;
      }),
    );
    const failed = (await Promise.allSettled(works)).find((work) => work.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
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

function isBegun({ state }: BulkTargetRow): boolean {
  return state === 'RUNNING';
}
