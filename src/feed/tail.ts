import type { IncidentState } from '../domain/incident/state.ts';
import type { FeedEntry, Followed } from './entry.ts';
import { createRing, type Ring } from './ring.ts';
import { weightOf } from './weight.ts';

/** Entries in order; `complete` when there was nothing after them. At least one unless it is complete. */
export interface Page {
  readonly entries: readonly FeedEntry[];
  readonly complete: boolean;
}

/** The incident as a version left it, where that is at hand. */
export type KnownState = (incidentId: string, version: number) => IncidentState | null;

/**
 * Reads the entries right after `after`, at most `limit` (≤ 500), with the incidents after them: folded onto what is
 * known of them, else onto what the database has. `states` null: without them.
 */
export type ReadPage = (after: number, limit: number, states: KnownState | null) => Promise<Page>;

/** The most rows one statement reads. */
export const pageRows = 500;

/** What a tail needs from its feed. */
export interface TailOptions {
  readonly organizationId: string;
  readonly ledger: Followed;
  /** Everything up to here is left to whoever asks for it; the ring begins after it. */
  readonly start: number;
  /**
   * What it reads up to here, for whoever comes back, it reads bare: to fold all those incidents takes longer than the
   * rest of a start. At most `start` when whoever it is begun for looks at the incidents.
   */
  readonly bareUntil: number;
  readonly readPage: ReadPage;
  /** Bounds of the ring. */
  readonly ring: { readonly entries: number; readonly bytes: number };
  /** The ring grew: the process's bound may now ask this or another tail to shrink. */
  onGrown(): void;
  /** A read failed; it is tried again at the next `look` or `headIs`. */
  onReadError(error: unknown): void;
}

/** One ledger of one organization, or its runs, as this instance sees it: reads new rows once, for everyone who listens. */
export class Tail {
  readonly #options: TailOptions;
  readonly #ring: Ring;
  readonly #waiting = new Set<() => void>();
  /** The ledger is known to reach at least here. */
  #known: number;
  #reading = false;
  #again = false;
  #closed = false;

  /** Nothing is read until `look`, `headIs` or a committed batch with a gap before it. */
  constructor(options: TailOptions) {
    this.#options = options;
    this.#ring = createRing(options.start, options.ring);
    this.#known = options.start;
  }

  /** The last sequence in the ring. */
  get last(): number {
    return this.#ring.last;
  }

  /** Runs go in time, and a number may be left over; what is read of them is all there is. */
  get #isGapless(): boolean {
    return this.#options.ledger !== 'RUNS';
  }

  /** Bytes the ring holds. */
  get bytes(): number {
    return this.#ring.bytes;
  }

  /** The last sequence known to be in the ledger, read or not. */
  get known(): number {
    return this.#known;
  }

  /** Entries known to be in the ledger and not read yet. */
  get lag(): number {
    return Math.max(0, this.#known - this.#ring.last);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Entries just committed here, in order. A gap before them is read from the database. */
  committed(entries: readonly FeedEntry[]): void {
    this.#append(entries);
    if (this.lag > 0) this.look();
  }

  /** The ledger is at least here; reads if the ring is not. */
  headIs(sequence: number): void {
    this.#known = Math.max(this.#known, sequence);
    if (this.lag > 0) this.look();
  }

  /** There may be more: read. Calls while reading are merged into one more read. */
  look(): void {
    if (this.#closed) return;
    if (this.#reading) this.#again = true;
    else void this.#read();
  }

  /**
   * From the ring; null when `after` is older than it, or than what it holds the incidents of, unless they are not
   * looked at (`bare`). Empty when there is nothing newer.
   */
  recent(after: number, limit: number, bare: boolean): readonly FeedEntry[] | null {
    if (!bare && after < Math.min(this.#options.bareUntil, this.#ring.last)) return null;
    return this.#ring.after(after, limit);
  }

  /** From the database, by key; at most 500. */
  async older(after: number, limit: number, bare: boolean): Promise<readonly FeedEntry[]> {
    const states = bare ? null : this.#ring.stateAt;
    return (await this.#options.readPage(after, Math.min(limit, pageRows), states)).entries;
  }

  /** Calls `wake` once, when there is something after `last` or the tail closes. Returns how to stop waiting. */
  readonly whenMoved = (wake: () => void): (() => void) => {
    if (this.#closed) queueMicrotask(wake);
    else this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  };

  /** Drops the oldest entry of the ring; false when it is empty. */
  shrink(): boolean {
    if (this.#ring.size === 0) return false;
    this.#ring.shift();
    return true;
  }

  close(): void {
    this.#closed = true;
    this.#wakeAll();
  }

  #append(entries: readonly FeedEntry[]): void {
    const before = this.#ring.last;
    for (const entry of entries) {
      const { sequence } = entry.entry;
      this.#known = Math.max(this.#known, sequence);
      // Otherwise it was read by a poll that was quicker, or it is past a gap that a read must fill first.
      const next = this.#ring.last + 1;
      if (sequence === next || (sequence > next && !this.#isGapless)) this.#ring.push(entry, weightOf(entry));
    }
    if (this.#ring.last === before) return;
    this.#options.onGrown();
    this.#wakeAll();
  }

  async #read(): Promise<void> {
    this.#reading = true;
    try {
      do {
        this.#again = false;
        const bare = this.#options.bareUntil - this.#ring.last;
        const page =
          bare > 0
            ? await this.#options.readPage(this.#ring.last, Math.min(bare, pageRows), null)
            : await this.#options.readPage(this.#ring.last, pageRows, this.#ring.stateAt);
        if (this.#closed) return;
        const first = page.entries[0]?.entry.sequence;
        if (first !== undefined && first > this.#ring.last + 1 && this.#isGapless) {
          throw new Error(`The ledger has a gap: ${this.#ring.last} is followed by ${first}.`);
        }
        // Rows that a commit here added meanwhile are skipped.
        this.#append(page.entries);
        if (!page.complete) this.#again = true;
      } while (this.#again);
    } catch (error) {
      if (!this.#closed) this.#options.onReadError(error);
    } finally {
      this.#reading = false;
    }
  }

  #wakeAll(): void {
    const woken = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of woken) wake();
  }
}
