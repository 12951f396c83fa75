import type { IncidentRecord } from '../../src/domain/incident/state.ts';
import { createFeed, type FeedLimits } from '../../src/feed/createFeed.ts';
import type { FeedEntry } from '../../src/feed/entry.ts';
import { createGroups, type Groups } from '../../src/feed/groups.ts';
import type { Outlet, Render } from '../../src/feed/outlet.ts';
import type { FeedSource } from '../../src/feed/source.ts';
import { type FakeLedger, organizationId } from './fakeLedger.ts';

/** Says nothing. */
export const log = { info() {}, error() {} };
/** Waits so many milliseconds. */
export const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** What a subscriber was sent; it holds `room` results until something takes them away. */
export class Reader implements Outlet {
  readonly received: string[] = [];
  readonly failures: unknown[] = [];
  /** Whether it was told that nothing more comes. */
  done = false;
  #waiting = 0;
  #wake: (() => void)[] = [];
  #room: number;

  constructor(room = Number.POSITIVE_INFINITY) {
    this.#room = room;
  }

  get full(): boolean {
    return this.#waiting >= this.#room;
  }

  write(payloads: readonly Buffer[]): number {
    let sent = 0;
    for (const payload of payloads) {
      if (this.full) break;
      this.#waiting += 1;
      sent += 1;
      this.received.push(payload.toString());
    }
    return sent;
  }

  drained(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  drain(): void {
    this.#waiting = 0;
    for (const wake of this.#wake.splice(0)) wake();
  }

  /** From now on it takes everything. */
  open(): void {
    this.#room = Number.POSITIVE_INFINITY;
    this.drain();
  }

  complete(): void {
    this.done = true;
  }

  fail(error: unknown): void {
    this.failures.push(error);
  }
}

/** What is delivered for a value. */
export const textOf = (value: FeedEntry | IncidentRecord): string =>
  'entry' in value
    ? `${value.entry.sequence} ${'hash' in value.entry ? value.entry.hash : ''}`
    : `${value.sequence}`;

/** Renders after a delay, and counts. */
export function rendering(delay: () => number): Render & { count: number } {
  const render = async (values: readonly unknown[]) => {
    counted.count += values.length;
    if (delay() > 0) await pause(delay());
    return values.map((value) => Buffer.from(textOf(value as FeedEntry | IncidentRecord)));
  };
  const counted = Object.assign(render, { count: 0 });
  return counted;
}

/** A feed with its groups. */
export function house(ledger: FakeLedger, limits: Partial<FeedLimits> = {}) {
  const feed = createFeed({ database: ledger.database, log, limits: { pollEvery: 15, ...limits } });
  const groups = createGroups(feed, () => {});
  return { feed, groups };
}

/** Every entry. */
const everything: FeedSource = { mode: 'every', ledger: 'INCIDENTS', after: null };

/** Joins the one group there is of the source's mode. */
export function join(
  groups: Groups,
  after: number | null,
  outlet: Outlet,
  render: Render,
  source = everything,
) {
  const key = JSON.stringify(source.mode);
  return groups.join({ key, organizationId, after, source: async () => source, render, outlet });
}

/** Waits until it is so, at most about 2 s. */
export async function settled(ready: () => boolean): Promise<void> {
  for (let n = 0; n < 400 && !ready(); n += 1) await pause(5);
}
