import type { Caller, CallTurns } from './callTurns.ts';
import { pause } from './pause.ts';
import type { ReceiverRest } from './receiverRest.ts';

/** What the requests of one bulk action go by. */
export interface PaceRoom {
  readonly caller: Caller;
  readonly turns: CallTurns;
  /** Until when the receiver wants to be left alone. */
  readonly rest: ReceiverRest;
  /** Between the beginnings of two requests, at least. */
  readonly throttleMilliseconds: number;
  /** Nothing is waited for any more but a place. */
  readonly closing: AbortSignal;
}

/**
 * When one bulk action sends its next request: one after the other, none while the receiver rests or before its time, and
 * only then with a place of {@link CallTurns}. So an action that waits has none, and at most one of its requests asks for
 * one.
 */
export class ActionPace {
  readonly #room: PaceRoom;
  /** Monotonic milliseconds. */
  #nextAt = performance.now();
  #before: Promise<unknown> = Promise.resolve();

  constructor(room: PaceRoom) {
    this.#room = room;
  }

  /** Waits until one more may go out; answers how to give its place back, null when the wait was ended before. */
  turn(ending: AbortSignal): Promise<(() => void) | null> {
    const turn = this.#before.then(() => this.#wait(ending));
    this.#before = turn;
    return turn;
  }

  async #wait(ending: AbortSignal): Promise<(() => void) | null> {
    const { caller, turns, rest, throttleMilliseconds, closing } = this.#room;
    for (;;) {
      await rest.over();
      const early = this.#nextAt - performance.now();
      if (early > 0) await pause(early, closing);
      const giveBack = await turns.take(caller, ending);
      if (giveBack === null) return null;
      if (!ending.aborted && rest.isOver) {
        this.#nextAt = performance.now() + throttleMilliseconds;
        return giveBack;
      }
      // While it waited, an answer asked for a rest, or all of it was ended.
      giveBack();
      if (ending.aborted) return null;
    }
  }
}
