import type { Ledger } from '../domain/ledger/ledger.ts';
import type { FeedEntry, FeedInbox } from './entry.ts';

/** Which ledger to read, and from where. */
export interface OpenOptions {
  readonly organizationId: string;
  readonly ledger: Ledger;
  /** The last sequence already seen: everything after it is read, then live. Null: from now. */
  readonly after: number | null;
  /** Entries older than the ring come without the incident after them: folding it costs more than all the rest. */
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
 * A listener of one ledger that pulls and is never pushed to. It keeps no position and no entries of its own: the
 * reader passes the sequence it has reached, so a slow one costs nothing.
 */
export interface FeedReader {
  /** Where `after` stood when it was opened; the head as known here when `after` was null. */
  readonly start: number;
  /** The last sequence known here; everything up to it can be read without waiting. */
  readonly head: number;
  /**
   * The entries right after `after`, in order without a gap: at least one (it waits at the head), at most `limit`
   * (≤ 500). Empty once closed.
   */
  read(after: number, limit: number): Promise<readonly FeedEntry[]>;
  close(): void;
}

/** What just happened, in order, to whoever listens: one tail per organization and ledger, read once for all. */
export interface Feed extends FeedInbox {
  /** The ledger's last sequence, read from the database; 0 when it is empty. */
  head(organizationId: string, ledger: Ledger): Promise<number>;
  /**
   * Every matching entry after the cursor, in order, each exactly once, then live, until the signal aborts or the feed
   * closes. `return()` ends it at once, also while it waits.
   * @throws CursorBeyondHeadError from the first `next()`, before anything is yielded.
   */
  follow(options: FollowOptions): AsyncIterableIterator<FeedEntry>;
  /** @throws CursorBeyondHeadError */
  open(options: OpenOptions): Promise<FeedReader>;
  /** The last sequence known here of a ledger that someone listens to; null when nobody does. Reads nothing. */
  known(organizationId: string, ledger: Ledger): number | null;
  /** Entries known to be in the ledgers and not read here yet, over all tails; 0 when all are current. */
  lag(): number;
  /** Ends every reader and stops listening. */
  close(): Promise<void>;
}
