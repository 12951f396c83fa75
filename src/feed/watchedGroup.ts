import { setImmediate as breathe } from 'node:timers/promises';
import { type Group, type GroupOptions, membersInOneGo, surely } from './group.ts';
import type { Outlet } from './outlet.ts';
import type { WatchedSource } from './source.ts';

interface Member {
  readonly outlet: Outlet;
  /** Which of the group's values it was given last; 0 before the first. */
  sent: number;
  draining: boolean;
  left: boolean;
}

interface Latest {
  readonly turn: number;
  readonly value: unknown;
  readonly payload: Buffer;
  /** Whoever has it is done. */
  readonly isLast: boolean;
}

/** A group that gives every member the value as it is, and the next one once it is another and there is room for it. */
export class WatchedGroup implements Group {
  readonly #options: GroupOptions;
  readonly #source: WatchedSource;
  readonly #members = new Set<Member>();
  #joining = 0;
  #latest: Latest | null = null;
  #changed = false;
  #looking: Promise<void> | null = null;
  #listening: Promise<() => void> | null = null;
  #closed = false;

  constructor(source: WatchedSource, options: GroupOptions) {
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
      // Listening begins before the value is read: no change can fall between the two.
      this.#listening ??= this.#listen();
      await this.#listening;
      await this.#look();
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

  #listen(): Promise<() => void> {
    return this.#source.listen({
      changed: () => {
        this.#look().catch((error: unknown) => this.#fail(error));
      },
      ended: (error) => this.#fail(error),
    });
  }

  /** Looks at the value, once more if it may have changed meanwhile; one look at a time. */
  #look(): Promise<void> {
    this.#changed = true;
    this.#looking ??= Promise.resolve().then(() => this.#lookUntilUnchanged());
    return this.#looking;
  }

  async #lookUntilUnchanged(): Promise<void> {
    try {
      while (this.#changed && !this.#closed) await this.#lookOnce();
    } finally {
      // In the very step in which nothing had changed any more: what changes from here on begins another look.
      this.#looking = null;
    }
  }

  async #lookOnce(): Promise<void> {
    const { render, onError } = this.#options;
    const trying = { givenUp: () => this.#closed, onError };
    this.#changed = false;
    const value = await surely(() => this.#source.current(), trying);
    if (this.#latest !== null && this.#source.isSame(this.#latest.value, value)) return;
    const [payload] = await surely(() => render([value]), trying);
    if (payload === undefined) return;
    const isLast = this.#source.isLast?.(value) === true;
    this.#latest = { turn: (this.#latest?.turn ?? 0) + 1, value, payload, isLast };
    // Nobody looks again, even while it waits for a member that is slow.
    if (isLast) this.#stopListening();
    await this.#offerAll();
  }

  async #offerAll(): Promise<void> {
    let written = 0;
    for (const member of this.#members) {
      written += 1;
      if (written % membersInOneGo === 0) await breathe();
      this.#offer(member);
    }
  }

  /** Gives the member the value as it is if it has not had it; when it is full, once it has drained. */
  #offer(member: Member): void {
    const latest = this.#latest;
    if (latest === null || member.left || member.draining || member.sent >= latest.turn) return;
    if (member.outlet.write([latest.payload]) > 0) {
      member.sent = latest.turn;
      if (latest.isLast) this.#complete(member);
      return;
    }
    member.draining = true;
    void member.outlet.drained().then(() => {
      member.draining = false;
      this.#offer(member);
    });
  }

  #fail(error: unknown): void {
    if (this.#closed) return;
    for (const { outlet } of [...this.#members]) outlet.fail(error);
    this.#close();
  }

  #complete(member: Member): void {
    member.outlet.complete();
    this.#leave(member);
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
    this.#stopListening();
    this.#options.onEmpty();
  }

  #stopListening(): void {
    this.#listening?.then((stop) => stop()).catch(() => {});
  }
}
