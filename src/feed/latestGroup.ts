import { setImmediate as breathe } from 'node:timers/promises';
import type { IncidentRecord } from '../domain/incident/state.ts';
import type { FeedReader } from './feed.ts';
import { type Group, type GroupOptions, membersInOneGo, surely } from './group.ts';
import type { Outlet } from './outlet.ts';
import type { LatestSource } from './source.ts';
import { pageRows } from './tail.ts';

/** For so many milliseconds a result read for one who joined serves others who join, too. */
const fresh = 1_000;

interface Member {
  readonly outlet: Outlet;
  /** Sequence of the state it was given last; 0 before the first. */
  sent: number;
  draining: boolean;
  left: boolean;
}

interface Latest {
  readonly sequence: number;
  readonly payload: Buffer;
  readonly madeAt: number;
}

/** A group that gives every member the newest state, and the next one only once there is room for it. */
export class LatestGroup implements Group {
  readonly #options: GroupOptions;
  readonly #source: LatestSource;
  readonly #members = new Set<Member>();
  #joining = 0;
  #latest: Latest | null = null;
  #refreshing: Promise<void> | null = null;
  #reader: FeedReader | null = null;
  #started: Promise<FeedReader> | null = null;
  #closed = false;

  constructor(source: LatestSource, options: GroupOptions) {
    this.#source = source;
    this.#options = options;
  }

  get closed(): boolean {
    return this.#closed;
  }

  async join(_after: number | null, outlet: Outlet): Promise<() => void> {
    const member: Member = { outlet, sent: 0, draining: false, left: false };
    const leave = () => this.#leave(member);
    this.#joining += 1;
    try {
      // Listening begins before the state is read: no change can fall between the two.
      this.#started ??= this.#start();
      await this.#started;
      if (this.#latest === null || performance.now() - this.#latest.madeAt > fresh) {
        this.#refreshing ??= this.#refresh();
        await this.#refreshing;
      }
      // It may have ended meanwhile; whoever joined it now would wait for ever.
      if (this.#closed) throw new Error('The feed has ended.');
      this.#members.add(member);
    } finally {
      this.#joining -= 1;
      this.#closeIfEmpty();
    }
    this.#offer(member);
    return leave;
  }

  async #start(): Promise<FeedReader> {
    const { feed, organizationId } = this.#options;
    const reader = await feed.open({ organizationId, ledger: this.#source.ledger, after: null });
    this.#reader = reader;
    void this.#run(reader);
    return reader;
  }

  async #refresh(): Promise<void> {
    try {
      const record = await this.#source.current();
      if (record === null) return;
      const [payload] = await this.#options.render([record]);
      this.#keep(record.sequence, payload);
    } finally {
      this.#refreshing = null;
    }
  }

  #keep(sequence: number, payload: Buffer | undefined): void {
    if (payload === undefined || (this.#latest !== null && this.#latest.sequence > sequence)) return;
    this.#latest = { sequence, payload, madeAt: performance.now() };
  }

  async #run(reader: FeedReader): Promise<void> {
    let problem: unknown = new Error('The feed has ended.');
    try {
      for (let position = reader.start; ; ) {
        const entries = await reader.read(position, pageRows);
        const last = entries.at(-1);
        if (last === undefined) break;
        position = last.entry.sequence;
        const changed = entries.findLast(this.#source.match);
        if (changed !== undefined) await this.#changed(changed.after);
      }
    } catch (error) {
      problem = error;
    }
    if (this.#closed) return;
    for (const { outlet } of [...this.#members]) outlet.fail(problem);
    this.#close();
  }

  /** `after`: null when only the database knows what became of it. */
  async #changed(after: IncidentRecord | null): Promise<void> {
    const { render, onError } = this.#options;
    const make = async () => {
      const record = after ?? (await this.#source.current());
      if (record !== null) this.#keep(record.sequence, (await render([record]))[0]);
    };
    await surely(make, { givenUp: () => this.#closed, onError });
    let written = 0;
    for (const member of this.#members) {
      written += 1;
      if (written % membersInOneGo === 0) await breathe();
      this.#offer(member);
    }
  }

  /** Gives the member the newest state if it has not had it; when it is full, once it has drained. */
  #offer(member: Member): void {
    const latest = this.#latest;
    if (latest === null || member.left || member.draining || member.sent >= latest.sequence) return;
    if (member.outlet.write([latest.payload]) > 0) {
      member.sent = latest.sequence;
      return;
    }
    member.draining = true;
    void member.outlet.drained().then(() => {
      member.draining = false;
      this.#offer(member);
    });
  }

  #leave(member: Member): void {
    member.left = true;
    this.#members.delete(member);
    this.#closeIfEmpty();
  }

  #closeIfEmpty(): void {
    if (this.#members.size === 0 && this.#joining === 0) this.#close();
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#reader?.close();
    this.#options.onEmpty();
  }
}
