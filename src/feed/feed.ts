import type { FeedEntry, FeedInbox, Followed } from './entry.ts';

/** Which ledger to read, and from where. */
export interface OpenOptions {
  readonly organizationId: string;
  readonly ledger: Followed;
  /** The last sequence already seen: everything after it is read, then live. Null: from now. */
  readonly after: number | null;
  /** Of a ledger: entries older than the ring come without the incident after them: folding it costs more than all the rest. */
  readonly bare?: boolean;
}

/** What to follow, until when. */
export interface FollowOptions extends OpenOptions {
  /** Only entries this answers true for; every entry when absent. Pure and quick: it runs for every entry. */
  readonly match?: (entry: FeedEntry) => boolean;
  /** Ends the iteration. */
  readonly signal: AbortSignal;
}

/**
 * A listener of one ledger, or of the runs, that pulls and is never pushed to. It keeps no position and no entries of its own: the
 * reader passes the sequence it has reached, so a slow one costs nothing.
 */
export interface FeedReader {
  /** Where `after` stood when it was opened; the head as known here when `after` was null. */
  readonly start: number;
  /** The last sequence known here; everything up to it can be read without waiting. */
  readonly head: number;
  /**
   * The entries right after `after`, in order, none left out: at least one (it waits at the head), at most `limit`
   * (≤ 500). Empty once closed.
   */
  read(after: number, limit: number): Promise<readonly FeedEntry[]>;
  close(): void;
}

/** What just happened, in order, to whoever listens: one tail per organization and what is followed, read once for all. */
export interface Feed extends FeedInbox {
  /** The last sequence, read from the database; 0 when it is empty. */
  head(organizationId: string, ledger: Followed): Promise<number>;
  /**
   * Every matching entry after the cursor, in order, each exactly once, then live, until the signal aborts or the feed
   * closes. `return()` ends it at once, also while it waits.
   * @throws CursorBeyondHeadError from the first `next()`, before anything is yielded.
   */
  follow(options: FollowOptions): AsyncIterableIterator<FeedEntry>;
  /** @throws CursorBeyondHeadError */
  open(options: OpenOptions): Promise<FeedReader>;
  /** The last sequence known here of what someone listens to; null when nobody does. Reads nothing. */
  known(organizationId: string, ledger: Followed): number | null;
  /** Entries known to be there and not read here yet, over all tails; 0 when all are current. */
  lag(): number;
  /** Ends every reader and stops listening. */
  close(): Promise<void>;
}
