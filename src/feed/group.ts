import { setTimeout as sleep } from 'node:timers/promises';
import type { Feed } from './feed.ts';
import type { Gate } from './gate.ts';
import type { Outlet, Render } from './outlet.ts';

/**
 * Members written to in one go before the event loop gets its turn: some 20 ms of it. Fewer make an audience of 2,000
 * wait while what the write itself left over is done: at 512 the last hears of it a tenth later.
 */
export const membersInOneGo = 2_048;

/** How often a render that rejects is tried again, waiting 0.1 s, 0.2 s … 1 s between: about 8 s in all. */
const tries = 12;

/** What every group is made of. */
export interface GroupOptions {
  readonly feed: Feed;
  readonly organizationId: string;
  readonly render: Render;
  /** Only so many catch up at a time: it bounds the pages and results held for them. */
  readonly catchingUp: Gate;
  /** Nobody is left: the group is not used again. */
  onEmpty(): void;
  /** Something failed that is tried again or ends in a member's `fail`. */
  onError(error: unknown): void;
}

/** Identical subscriptions: executed once for each event, delivered to every member at its own position. */
export interface Group {
  /** It has ended and takes nobody any more. */
  readonly closed: boolean;
  /**
   * Adds a subscriber; what it is owed is written from now on. Answers how to leave.
   * @throws CursorBeyondHeadError, or what reading the source threw; then it is not a member.
   */
  join(after: number | null, outlet: Outlet): Promise<() => void>;
}

/**
 * Runs `work` until it succeeds, `given up` answers true, or it has failed for about 8 s; an error that says
 * SERVER_OUTDATED will say so again. @throws its last error
 */
export async function surely<T>(
  work: () => Promise<T>,
  options: { readonly givenUp: () => boolean; readonly onError: (error: unknown) => void },
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      options.onError(error);
      const isFinal = (error as { code?: unknown }).code === 'SERVER_OUTDATED';
      if (isFinal || attempt === tries || options.givenUp()) throw error;
      await sleep(Math.min(100 * attempt, 1_000));
    }
  }
}
