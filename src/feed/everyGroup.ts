import { setImmediate as breathe } from 'node:timers/promises';
import type { FeedEntry } from './entry.ts';
import type { FeedReader } from './feed.ts';
import { type Group, type GroupOptions, membersInOneGo, surely } from './group.ts';
import type { Outlet } from './outlet.ts';
import { createRecentResults, type RecentResults, type ResultBudget } from './recentResults.ts';
import type { EverySource } from './source.ts';
import { pageRows } from './tail.ts';

/** Entries read and executed together: at first, at least, and at most. */
const batch = { first: 64, least: 16, most: pageRows };

/** Batches one who catches up is given before another has its turn. */
const pagesATurn = 8;

/** Bytes of results a batch should come to: what a socket holds before it is full. */
const batchBytes = 131_072;

interface Member {
  readonly outlet: Outlet;
  /** The last sequence it has been given or did not match. */
  position: number;
  left: boolean;
}

/** Results in order, each with the sequence of its entry. */
interface Results {
  readonly sequences: readonly number[];
  readonly payloads: readonly Buffer[];
}

/**
 * A group that delivers every matching entry to every member, in order, each exactly once.
 *
 * Why it is exact: the group has delivered everything up to `#position` to its live members and gives a live member
 * only what is after the member's own position. Someone who catches up joins, without a pause in between, when its
 * position has reached the group's. Whatever the group is executing at that moment is after the group's position: the
 * member is given of it what is after its own.
 */
export class EveryGroup implements Group {
  readonly #options: GroupOptions;
  readonly #source: EverySource;
  readonly #members = new Set<Member>();
  /** Those at the group's position; the others are catching up. */
  readonly #live = new Set<Member>();
  readonly #recent: RecentResults;
  #position = 0;
  #batch = batch.first;
  #reader: FeedReader | null = null;
  #started: Promise<void> | null = null;
  #closed = false;

  constructor(source: EverySource, options: GroupOptions & { readonly results: ResultBudget }) {
    this.#source = source;
    this.#options = options;
    this.#recent = createRecentResults(options.results);
  }

  get closed(): boolean {
    return this.#closed;
  }

  async join(after: number | null, outlet: Outlet): Promise<() => void> {
    const member: Member = { outlet, position: 0, left: false };
    this.#members.add(member);
    const leave = () => this.#leave(member);
    let reader: FeedReader | null = null;
    try {
      reader = await this.#open(after);
      member.position = reader.start;
      this.#started ??= this.#start();
      await this.#started;
    } catch (error) {
      reader?.close();
      leave();
      throw error;
    }
    void this.#catchUp(member, reader);
    return leave;
  }

  #open(after: number | null): Promise<FeedReader> {
    const { feed, organizationId } = this.#options;
    const { ledger, bare = false } = this.#source;
    return feed.open({ organizationId, ledger, after, bare });
  }

  async #start(): Promise<void> {
    this.#reader = await this.#open(null);
    this.#position = this.#reader.start;
    if (this.#closed) this.#reader.close();
    else void this.#run(this.#reader);
  }

  #leave(member: Member): void {
    if (member.left) return;
    member.left = true;
    this.#live.delete(member);
    this.#members.delete(member);
    if (this.#members.size === 0) this.#close();
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#reader?.close();
    this.#recent.clear();
    this.#options.onEmpty();
  }

  /** Executes what is new and gives it to everyone live, until nobody is left. */
  async #run(reader: FeedReader): Promise<void> {
    let problem: unknown = new Error('The feed has ended.');
    try {
      for (;;) {
        const entries = await reader.read(this.#position, this.#batch);
        const last = entries.at(-1)?.entry.sequence;
        if (last === undefined) break;
        await this.#deliver(await this.#execute(entries), last);
      }
    } catch (error) {
      problem = error;
    }
    if (this.#closed) return;
    for (const { outlet } of [...this.#members]) outlet.fail(problem);
    this.#close();
  }

  async #deliver(results: Results, last: number): Promise<void> {
    const isAnything = results.payloads.length > 0;
    let written = 0;
    // A Set also visits what is added while it is walked: who joins during a pause is not passed over.
    for (const member of this.#live) {
      if (isAnything) written += 1;
      if (written === membersInOneGo) {
        written = 0;
        await breathe();
        if (member.left) continue;
      }
      if (!this.#write(member, results)) this.#lag(member);
      else if (member.position < last) member.position = last;
    }
    this.#position = last;
  }

  /** False when the member is full before all is written; its position is where it stopped. */
  #write(member: Member, { sequences, payloads }: Results): boolean {
    const [first] = sequences;
    if (first === undefined) return true;
    let from = 0;
    let owed = payloads;
    // Nearly always it is all of it.
    if (first <= member.position) {
      from = sequences.findIndex((sequence) => sequence > member.position);
      if (from < 0) return true;
      owed = payloads.slice(from);
    }
    const sent = member.outlet.write(owed);
    if (sent === owed.length) return true;
    if (sent > 0) member.position = sequences[from + sent - 1] as number;
    return false;
  }

  #lag(member: Member): void {
    this.#live.delete(member);
    void this.#catchUp(member, null);
  }

  /** Walks alone until it meets the group, then becomes live. */
  async #catchUp(member: Member, opened: FeedReader | null): Promise<void> {
    let reader = opened;
    try {
      while (!member.left && !this.#closed) {
        if (member.outlet.full) await member.outlet.drained();
        else if (member.position >= this.#position) {
          this.#live.add(member);
          return;
        } else {
          const open = reader ?? (await this.#open(member.position));
          reader = open;
          await this.#options.catchingUp.run(() => this.#advance(member, open));
        }
      }
    } catch (error) {
      if (!member.left) member.outlet.fail(error);
    } finally {
      reader?.close();
    }
  }

  /** A few pages for one who is behind, each read while the one before it is executed. */
  async #advance(member: Member, reader: FeedReader): Promise<void> {
    let ahead: Promise<readonly FeedEntry[]> | null = null;
    for (let pages = 1; pages <= pagesATurn; pages += 1) {
      // Someone who left or filled up while waiting for its turn needs no page.
      if (member.left || member.outlet.full) break;
      const page: readonly FeedEntry[] = await (ahead ?? reader.read(member.position, this.#batch));
      const last = page.at(-1)?.entry.sequence;
      if (last === undefined) {
        if (member.left) break;
        throw new Error('The feed has ended.');
      }
      // What is before the group's position can be read without waiting for it to be written.
      ahead = pages < pagesATurn && last < this.#position ? reader.read(last, this.#batch) : null;
      const results = await this.#execute(page);
      if (member.left || !this.#write(member, results)) break;
      member.position = Math.max(member.position, last);
      if (ahead === null) break;
    }
    // At most one page of a turn is read in vain; the turn is not over before it is gone.
    await ahead;
  }

  /** The results of the entries that match, in order. */
  async #execute(entries: readonly FeedEntry[]): Promise<Results> {
    const { match } = this.#source;
    const matching = match === undefined ? entries : entries.filter(match);
    const sequences = matching.map((item) => item.entry.sequence);
    const found = sequences.map((sequence) => this.#recent.get(sequence));
    const missing = matching.filter((_, index) => found[index] === undefined);
    const { render, onError } = this.#options;
    const made =
      missing.length === 0
        ? []
        : await surely(() => render(missing), { givenUp: () => this.#closed, onError });
    for (const [index, item] of missing.entries()) {
      // Alone, nobody else will ask for it.
      if (this.#members.size > 1) this.#recent.set(item.entry.sequence, made[index] as Buffer);
    }
    let next = 0;
    const payloads = found.map((payload) => payload ?? (made[next++] as Buffer));
    this.#sizeBatch(entries.length, payloads);
    return { sequences, payloads };
  }

  /** Entries that come to little are read many at a time; what comes to more than a socket holds is made twice. */
  #sizeBatch(entries: number, payloads: readonly Buffer[]): void {
    let bytes = 0;
    for (const payload of payloads) bytes += payload.length;
    const wanted = bytes === 0 ? batch.most : Math.floor((entries * batchBytes) / bytes);
    // Not by one small entry alone: what follows may be larger.
    this.#batch = Math.max(batch.least, Math.min(wanted, 2 * this.#batch, batch.most));
  }
}
