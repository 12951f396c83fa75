import type { FeedEntry } from './entry.ts';
import type { FeedReader } from './feed.ts';
import { pageRows, type Tail } from './tail.ts';

/** Milliseconds before a page that could not be read is tried again: the first time, and at most. */
const retryAfter = { first: 100, most: 1_000 };

/** What a reader is made of. */
export interface ReaderOptions {
  readonly tail: Tail;
  readonly after: number | null;
  /** It does not look at the incidents after the entries. */
  readonly bare: boolean;
  /** Reads from the database what the ring no longer holds. */
  readonly older: (after: number, limit: number) => Promise<readonly FeedEntry[]>;
  readonly onError: (error: unknown) => void;
  readonly onClose: () => void;
}

/** A listener of `tail`. A page that cannot be read is tried again until it can or the reader closes. */
export function createReader(options: ReaderOptions): FeedReader {
  const { tail } = options;
  const start = options.after ?? tail.last + tail.lag;
  const closing = new Set<() => void>();
  let closed = false;

  /** Waits until `begin` calls back or the reader closes; `begin` answers how to stop waiting. */
  const pause = (begin: (wake: () => void) => () => void): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        closing.delete(wake);
        stop();
        resolve();
      };
      let stop = (): void => {};
      closing.add(wake);
      stop = begin(wake);
    });

  const older = async (after: number, limit: number): Promise<readonly FeedEntry[]> => {
    for (let wait = retryAfter.first; !closed; wait = Math.min(wait * 2, retryAfter.most)) {
      try {
        return await options.older(after, limit);
      } catch (error) {
        options.onError(error);
        await pause((wake) => {
          const timer = setTimeout(wake, wait);
          return () => clearTimeout(timer);
        });
      }
    }
    return [];
  };

  return {
    start,
    get head() {
      return tail.last;
    },
    async read(after, limit) {
      const most = Math.min(limit, pageRows);
      while (!closed && !tail.closed) {
        const entries = tail.recent(after, most, options.bare) ?? (await older(after, most));
        if (entries.length > 0) return closed ? [] : entries;
        await pause(tail.whenMoved);
      }
      return [];
    },
    close() {
      if (closed) return;
      closed = true;
      for (const wake of [...closing]) wake();
      options.onClose();
    },
  };
}
