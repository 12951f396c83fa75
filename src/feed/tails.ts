import { CursorBeyondHeadError } from './cursorBeyondHead.ts';
import { type Followed, followed } from './entry.ts';
import type { OpenOptions } from './feed.ts';
import { type Page, type ReadPage, Tail } from './tail.ts';

/** What bounds the tails' memory. */
export interface TailLimits {
  /** Entries the ring of an incidents ledger, or of runs, holds; an administration ledger's holds a sixteenth. */
  readonly ringEntries: number;
  /** Bytes it holds, as `weightOf` counts; that of runs a quarter, an administration ledger's a sixteenth. */
  readonly ringBytes: number;
  /** Bytes all rings of this process hold together. */
  readonly processBytes: number;
}

/** How tails reach the database. */
export interface TailsOptions {
  readonly limits: TailLimits;
  head(organizationId: string, ledger: Followed): Promise<number>;
  readPage(organizationId: string, ledger: Followed, ...page: Parameters<ReadPage>): Promise<Page>;
  onReadError(error: unknown): void;
}

/** Where a tail is, or will be once its head is read. */
interface Place {
  tail: Tail | null;
  ready: Promise<Tail>;
  listeners: number;
  /** Something moved while the head was being read. */
  missed: boolean;
  /** Bytes of its ring within the process's total. */
  counted: number;
}

/** A tail someone listens to, and how to stop. */
export interface Held {
  readonly tail: Tail;
  release(): void;
}

/** What a ring may hold, of that of an incidents ledger. */
const shares: Readonly<Record<Followed, { readonly entries: number; readonly bytes: number }>> = {
  INCIDENTS: { entries: 1, bytes: 1 },
  ADMINISTRATION: { entries: 1 / 16, bytes: 1 / 16 },
  RUNS: { entries: 1, bytes: 1 / 4 },
};

const keyOf = (organizationId: string, ledger: Followed): string =>
  `${organizationId}${followed.indexOf(ledger)}`;

/** Every tail of this process: made for the first listener, dropped with the last, bounded together. */
export class Tails {
  readonly #options: TailsOptions;
  /** In order of latest growth: the one quiet for longest gives its memory back first. */
  readonly #places = new Map<string, Place>();
  #total = 0;

  constructor(options: TailsOptions) {
    this.#options = options;
  }

  /** Bytes all rings hold. */
  get bytes(): number {
    return this.#total;
  }

  /** Organizations anyone listens to. */
  get organizations(): readonly string[] {
    return [...new Set([...this.#places.keys()].map((key) => key.slice(0, -1)))];
  }

  /** Entries known and not read yet, over all. */
  get lag(): number {
    let entries = 0;
    for (const { tail } of this.#places.values()) entries += tail?.lag ?? 0;
    return entries;
  }

  /** The tail of this ledger, or null when nobody listens or it is only starting; `noting` that it missed something. */
  moving(organizationId: string, ledger: Followed): Tail | null {
    const place = this.#places.get(keyOf(organizationId, ledger));
    if (place === undefined) return null;
    if (place.tail === null) place.missed = true;
    return place.tail;
  }

  /** The last sequence known of this ledger, or null when nobody listens or it is only starting. */
  known(organizationId: string, ledger: Followed): number | null {
    return this.#places.get(keyOf(organizationId, ledger))?.tail?.known ?? null;
  }

  /** Listens. @throws CursorBeyondHeadError, or a database error when the head cannot be read. */
  async hold(options: OpenOptions): Promise<Held> {
    const key = keyOf(options.organizationId, options.ledger);
    const place = this.#places.get(key) ?? this.#begin(key, options);
    place.listeners += 1;
    try {
      const tail = await place.ready;
      const { after } = options;
      if (after !== null && after > tail.last) tail.headIs(await this.#headAtLeast(options, after));
      return { tail, release: () => this.#release(key, place) };
    } catch (error) {
      // A start that failed is not kept: whoever comes next starts anew.
      if (place.tail === null && this.#places.get(key) === place) this.#places.delete(key);
      this.#release(key, place);
      // It was begun for someone else's cursor; ours may be fine.
      const anothers = error instanceof CursorBeyondHeadError && error.after !== options.after;
      if (anothers) return this.hold(options);
      throw error;
    }
  }

  close(): void {
    for (const place of this.#places.values()) {
      place.counted = 0;
      place.tail?.close();
    }
    this.#places.clear();
    this.#total = 0;
  }

  #begin(key: string, options: OpenOptions): Place {
    const place: Place = {
      tail: null,
      ready: Promise.resolve() as never,
      listeners: 0,
      missed: false,
      counted: 0,
    };
    this.#places.set(key, place);
    place.ready = this.#start(key, place, options);
    return place;
  }

  async #headAtLeast({ organizationId, ledger }: OpenOptions, after: number): Promise<number> {
    const head = await this.#options.head(organizationId, ledger);
    if (after > head) throw new CursorBeyondHeadError(ledger, after, head);
    return head;
  }

  async #start(key: string, place: Place, options: OpenOptions): Promise<Tail> {
    const { organizationId, ledger, after, bare = false } = options;
    const { limits } = this.#options;
    const head = await this.#headAtLeast(options, after ?? 0);
    const share = shares[ledger];
    const entries = Math.ceil(limits.ringEntries * share.entries);
    const tail = new Tail({
      organizationId,
      ledger,
      // The first who comes back after a restart brings the ring to where the others will resume, too.
      start: after === null ? head : Math.max(after, head - entries),
      bareUntil: bare ? head : 0,
      ring: { entries, bytes: limits.ringBytes * share.bytes },
      readPage: (...page) => this.#options.readPage(organizationId, ledger, ...page),
      onGrown: () => this.#grown(key, place, tail),
      onReadError: (error) => this.#options.onReadError(error),
    });
    place.tail = tail;
    tail.headIs(head);
    if (place.missed) tail.look();
    return tail;
  }

  #release(key: string, place: Place): void {
    place.listeners -= 1;
    if (place.listeners > 0) return;
    if (this.#places.get(key) === place) this.#places.delete(key);
    this.#total -= place.counted;
    place.counted = 0;
    place.tail?.close();
  }

  #grown(key: string, place: Place, tail: Tail): void {
    if (this.#places.get(key) !== place) return;
    this.#count(place, tail);
    this.#places.delete(key);
    this.#places.set(key, place);
    for (const other of this.#places.values()) {
      while (this.#total > this.#options.limits.processBytes && other.tail?.shrink() === true) {
        this.#count(other, other.tail);
      }
      if (this.#total <= this.#options.limits.processBytes) return;
    }
  }

  #count(place: Place, tail: Tail): void {
    this.#total += tail.bytes - place.counted;
    place.counted = tail.bytes;
  }
}
