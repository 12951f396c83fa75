import { type Instant, millisecondsBetween } from '../domain/instant.ts';
import type { Clock } from '../store/clock.ts';

/** What is waited with. */
export interface RestRoom {
  readonly clock: Clock;
  /** Waits; ends early when the signal does. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Ends every wait. */
  readonly closing: AbortSignal;
}

/** The longest of one wait, in milliseconds, whatever the clock did meanwhile. */
const longestWait = 60_000;

/**
 * Until when one bulk action asks its receiver nothing, because the receiver said so: about no target, not only the one
 * it said so of.
 */
export class ReceiverRest {
  readonly #room: RestRoom;
  #until: Instant = '';
  /** The latest instant that was waited for: it is over for all, whatever becomes of the clock. */
  #waited: Instant = '';

  constructor(room: RestRoom) {
    this.#room = room;
  }

  /** Nothing before this instant. */
  extend(until: Instant): void {
    if (until > this.#until) this.#until = until;
  }

  /** Whether there is nothing to wait for. */
  get isOver(): boolean {
    return this.#until <= this.#waited;
  }

  /** Waits until it is over, and until `own` when given; sooner when all is closing. */
  async over(own: Instant | null = null): Promise<void> {
    const { clock, pause, closing } = this.#room;
    // What is asked meanwhile may prolong it.
    for (let until = later(own, this.#until); until > this.#waited; until = later(own, this.#until)) {
      const left = Math.min(millisecondsBetween(clock.now(), until), longestWait);
      if (left > 0 && !closing.aborted) await pause(left, closing);
      if (until > this.#waited) this.#waited = until;
    }
  }
}

function later(one: Instant | null, other: Instant): Instant {
  return one !== null && one > other ? one : other;
}
