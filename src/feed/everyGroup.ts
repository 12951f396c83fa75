import { setImmediate as breathe } from 'node:timers/promises';
import type { FeedEntry } from './entry.ts';
import type { FeedReader } from './feed.ts';
import { type Group, type GroupOptions, membersInOneGo, surely } from './group.ts';
import type { Outlet } from './outlet.ts';
import { createRecentResults, type RecentResults, type ResultBudget } from './recentResults.ts';
import type { EverySource } from './source.ts';

/** Entries read and executed together. */
const batch = 64;

interface Member {
  readonly outlet: Outlet;
  /** The last sequence it has been given or did not match. */
  position: number;
  left: boolean;
}

interface Result {
  readonly sequence: number;
  readonly payload: Buffer;
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
    return feed.open({ organizationId, ledger: this.#source.ledger, after });
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
        const entries = await reader.read(this.#position, batch);
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

  async #deliver(results: readonly Result[], last: number): Promise<void> {
    let written = 0;
    // A Set also visits what is added while it is walked: who joins during a pause is not passed over.
    for (const member of this.#live) {
      if (results.length > 0) written += 1;
      if (written % membersInOneGo === membersInOneGo - 1) await breathe();
      if (member.left) continue;
      if (this.#write(member, results)) member.position = Math.max(member.position, last);
      else this.#lag(member);
    }
    this.#position = last;
  }

  /** False when the member is full before all is written; its position is where it stopped. */
  #write(member: Member, results: readonly Result[]): boolean {
    for (const { sequence, payload } of results) {
      if (sequence <= member.position) continue;
      if (member.outlet.full) return false;
      member.outlet.write(payload);
      member.position = sequence;
    }
    return true;
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
          reader ??= await this.#open(member.position);
          await this.#advance(member, reader);
        }
      }
    } catch (error) {
      if (!member.left) member.outlet.fail(error);
    } finally {
      reader?.close();
    }
  }

  async #advance(member: Member, reader: FeedReader): Promise<void> {
    const { entries, results } = await this.#options.catchingUp.run(async () => {
      // Someone who left or filled up while waiting for its turn needs no page.
      if (member.left || member.outlet.full) return { entries: [], results: [] };
      const page = await reader.read(member.position, batch);
      if (page.length === 0 && !member.left) throw new Error('The feed has ended.');
      return { entries: page, results: await this.#execute(page) };
    });
    if (member.left || !this.#write(member, results)) return;
    member.position = Math.max(member.position, entries.at(-1)?.entry.sequence ?? 0);
  }

  /** The results of the entries that match, in order. */
  async #execute(entries: readonly FeedEntry[]): Promise<readonly Result[]> {
    const { match } = this.#source;
    const matching = match === undefined ? entries : entries.filter(match);
    const found = matching.map((item) => this.#recent.get(item.entry.sequence));
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
    return matching.map((item, index) => ({
      sequence: item.entry.sequence,
      payload: found[index] ?? (made[next++] as Buffer),
    }));
  }
}
