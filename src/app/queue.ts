import { OverloadedError } from './answer.ts';
import type { Job } from './job.ts';
import type { QueueLimits } from './limits.ts';

/**
 * The commands of one organization that wait for its worker: bounded, people and timers before signals. Order is kept
 * within each of the two. Jobs to be decided again go before all others.
 */
export class CommandQueue {
  readonly #limits: QueueLimits;
  #again: Job[] = [];
  readonly #urgent: Job[] = [];
  readonly #signals: Job[] = [];
  #units = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /** Commands that wait, those to be decided again included. */
  get depth(): number {
    return this.#again.length + this.waiting;
  }

  /** Commands that were never taken yet. */
  get waiting(): number {
    return this.#urgent.length + this.#signals.length;
  }

  /**
   * Adds a job at the end of its kind. When the queue is full, a person or timer takes the place of the signal that
   * came last: its sender is told so and sends again.
   * @throws OverloadedError when there is no place.
   */
  offer(job: Job): void {
    while (this.#isFull(job)) {
      const shed = job.urgent ? this.#signals.pop() : undefined;
      if (shed === undefined) throw new OverloadedError(this.#retryAfterSeconds());
      this.#units -= shed.units;
      shed.reject(new OverloadedError(this.#retryAfterSeconds()));
    }
    this.#units += job.units;
    (job.urgent ? this.#urgent : this.#signals).push(job);
  }

  #isFull(job: Job): boolean {
    return (
      this.waiting >= this.#limits.waiting ||
      (this.waiting > 0 && this.#units + job.units > this.#limits.waitingUnits)
    );
  }

  #retryAfterSeconds(): number {
    return this.waiting > this.#limits.waiting / 2 ? 2 : 1;
  }

  /** Puts jobs that were taken already before all others: those that were taken first go first, and else in this order. */
  putBack(jobs: readonly Job[]): void {
    if (jobs.length === 0) return;
    const takenAt = (job: Job) => job.takenAt ?? 0;
    this.#again = [...jobs, ...this.#again].toSorted((one, other) => takenAt(one) - takenAt(other));
  }

  /** The next batch, in the order it is to be decided; empty when nothing waits. `now` is monotonic milliseconds. */
  take(now: number): readonly Job[] {
    const batch = new Batch(this.#limits);
    batch.fill(this.#again, this.#limits.batch);
    const kept = Math.min(this.#signals.length, this.#limits.signalShare);
    const fromUrgent = batch.fill(this.#urgent, this.#limits.batch - kept);
    const fromSignals = batch.fill(this.#signals, this.#limits.batch);
    for (const job of [...fromUrgent, ...fromSignals]) {
      job.takenAt = now;
      this.#units -= job.units;
    }
    return batch.jobs;
  }

  /**
   * The next batch, if it is of signals alone that are each `apart` from what is under way, and at least `atLeast` of
   * them; else nothing is taken. `now` is monotonic milliseconds.
   */
  takeAhead(now: number, atLeast: number, apart: (job: Job) => boolean): readonly Job[] {
    if (this.#again.length > 0 || this.#urgent.length > 0 || this.#signals.length < atLeast) return [];
    const batch = new Batch(this.#limits);
    const count = batch.count(this.#signals, this.#limits.batch);
    if (count < atLeast || !this.#signals.slice(0, count).every(apart)) return [];
    return this.take(now);
  }

  /** Takes out what has waited longer than it may. */
  expired(now: number): readonly Job[] {
    const latest = now - this.#limits.waitMilliseconds;
    const out = [this.#urgent, this.#signals].flatMap((list) => {
      const first = list.findIndex((job) => job.queuedAt > latest);
      return list.splice(0, first === -1 ? list.length : first);
    });
    for (const job of out) this.#units -= job.units;
    return out;
  }

  /** When the job that has waited longest was queued; null when none waits. */
  get oldestQueuedAt(): number | null {
    const oldest = Math.min(this.#urgent[0]?.queuedAt ?? Infinity, this.#signals[0]?.queuedAt ?? Infinity);
    return oldest === Infinity ? null : oldest;
  }
}

/** A batch being put together: closed once it is full or holds a job that must be alone. */
class Batch {
  readonly jobs: Job[] = [];
  readonly #limits: QueueLimits;
  #lookups = 0;
  #units = 0;
  #closed = false;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /** Moves jobs from the head of `list` while they fit, up to `size` jobs in the batch. */
  fill(list: Job[], size: number): readonly Job[] {
    return list.splice(0, this.count(list, size));
  }

  /** Admits the same, and leaves them in the list. */
  count(list: readonly Job[], size: number): number {
    let count = 0;
    while (count < list.length && this.jobs.length < size && this.#admit(list[count] as Job)) count++;
    return count;
  }

  #admit(job: Job): boolean {
    const isFirst = this.jobs.length === 0;
    const byItself = job.alone || job.request.target.by === 'administration';
    const tooMuch =
      this.#lookups + job.lookups > this.#limits.batchLookups ||
      this.#units + job.units > this.#limits.batchUnits;
    if (this.#closed || (!isFirst && (byItself || tooMuch))) {
      this.#closed = true;
      return false;
    }
    this.#closed = byItself;
    this.#lookups += job.lookups;
    this.#units += job.units;
    this.jobs.push(job);
    return true;
  }
}
