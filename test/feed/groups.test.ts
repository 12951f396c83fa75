import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IncidentRecord } from '../../src/domain/incident/state.ts';
import { createFeed } from '../../src/feed/createFeed.ts';
import type { FeedEntry } from '../../src/feed/entry.ts';
import { createGroups, type Groups } from '../../src/feed/groups.ts';
import type { Outlet, Render } from '../../src/feed/outlet.ts';
import type { FeedSource } from '../../src/feed/source.ts';
import { type FakeLedger, fakeLedger, organizationId } from './fakeLedger.ts';

const log = { info() {}, error() {} };
const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** What a subscriber was sent; it holds `room` results until something takes them away. */
class Reader implements Outlet {
  readonly received: string[] = [];
  readonly failures: unknown[] = [];
  #waiting = 0;
  #wake: (() => void)[] = [];
  #room: number;

  constructor(room = Number.POSITIVE_INFINITY) {
    this.#room = room;
  }

  get full(): boolean {
    return this.#waiting >= this.#room;
  }

  write(payload: Buffer): void {
    if (this.full) throw new Error('written to while full');
    this.#waiting += 1;
    this.received.push(payload.toString());
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

  fail(error: unknown): void {
    this.failures.push(error);
  }
}

const textOf = (value: FeedEntry | IncidentRecord): string =>
  'entry' in value ? `${value.entry.sequence} ${value.entry.hash}` : `${value.sequence}`;

function rendering(delay: () => number): Render & { count: number } {
  const render = async (values: readonly (FeedEntry | IncidentRecord)[]) => {
    counted.count += values.length;
    if (delay() > 0) await pause(delay());
    return values.map((value) => Buffer.from(textOf(value)));
  };
  const counted = Object.assign(render, { count: 0 });
  return counted;
}

function house(ledger: FakeLedger, limits = {}) {
  const feed = createFeed({ database: ledger.database, log, limits: { pollEvery: 15, ...limits } });
  const groups = createGroups(feed, () => {});
  return { feed, groups };
}

const everything: FeedSource = { mode: 'every', ledger: 'INCIDENTS', after: null };

function join(groups: Groups, after: number | null, outlet: Outlet, render: Render, source = everything) {
  const key = JSON.stringify(source.mode);
  return groups.join({ key, organizationId, after, source: async () => source, render, outlet });
}

async function settled(ready: () => boolean): Promise<void> {
  for (let n = 0; n < 400 && !ready(); n += 1) await pause(5);
}

describe('a group', () => {
  it('executes once for all, for every event', async () => {
    const ledger = fakeLedger();
    const { feed, groups } = house(ledger);
    const render = rendering(() => 0);
    const readers = Array.from({ length: 50 }, () => new Reader());
    for (const reader of readers) await join(groups, null, reader, render);
    feed.committed(organizationId, 'INCIDENTS', ledger.append(7));
    await settled(() => readers.every((reader) => reader.received.length === 7));
    expect(render.count).toBe(7);
    expect(groups.size).toBe(1);
    await feed.close();
  });

  it('executes once for those who come back together, too', async () => {
    const ledger = fakeLedger();
    ledger.append(200);
    const { feed, groups } = house(ledger);
    const render = rendering(() => 0);
    const readers = Array.from({ length: 50 }, () => new Reader());
    await Promise.all(readers.map((reader) => join(groups, 0, reader, render)));
    await settled(() => readers.every((reader) => reader.received.length === 200));
    // The first batch of those who begin at once is made by each of them; everything after it is shared.
    expect(render.count).toBeLessThan(50 * 70);
    await feed.close();
  });

  it('ends when the last has left and begins anew for the next', async () => {
    const ledger = fakeLedger();
    const { feed, groups } = house(ledger);
    const render = rendering(() => 0);
    const leave = await join(groups, null, new Reader(), render);
    leave();
    expect(groups.size).toBe(0);
    const reader = new Reader();
    await join(groups, null, reader, render);
    feed.committed(organizationId, 'INCIDENTS', ledger.append(1));
    await settled(() => reader.received.length === 1);
    expect(reader.received).toHaveLength(1);
    await feed.close();
  });

  it('refuses a cursor beyond the head, and only that', async () => {
    const ledger = fakeLedger();
    ledger.append(3);
    const { feed, groups } = house(ledger);
    const render = rendering(() => 0);
    await expect(join(groups, 4, new Reader(), render)).rejects.toMatchObject({ code: 'CURSOR_BEYOND_HEAD' });
    expect(groups.size).toBe(0);
    const reader = new Reader();
    await join(groups, 1, reader, render);
    await settled(() => reader.received.length === 2);
    expect(reader.received).toHaveLength(2);
    await feed.close();
  });

  it('tells everyone when the feed ends, those who catch up included', async () => {
    const ledger = fakeLedger();
    ledger.append(100);
    const { feed, groups } = house(ledger);
    const render = rendering(() => 0);
    const live = new Reader();
    const full = new Reader(1);
    await join(groups, null, live, render);
    await join(groups, 0, full, render);
    await pause(20);
    await feed.close();
    await settled(() => full.failures.length > 0 && live.failures.length > 0);
    expect(live.failures).toHaveLength(1);
    expect(full.failures).toHaveLength(1);
  });

  it('tries again what could not be executed, and loses nothing', async () => {
    const ledger = fakeLedger();
    const { feed, groups } = house(ledger);
    let failures = 2;
    const render: Render = async (values) => {
      failures -= 1;
      if (failures >= 0) throw new Error('no context');
      return values.map((value) => Buffer.from(textOf(value)));
    };
    const reader = new Reader();
    await join(groups, null, reader, render);
    feed.committed(organizationId, 'INCIDENTS', ledger.append(2));
    await settled(() => reader.received.length === 2);
    expect(reader.received).toHaveLength(2);
    await feed.close();
  });
});

describe('a group of the latest state', () => {
  it('gives the state at once, then the newest there is room for', async () => {
    const ledger = fakeLedger();
    const written = ledger.append(9);
    let current = written.at(-1)?.after ?? null;
    const { feed, groups } = house(ledger);
    const incident = current?.state.id;
    const source: FeedSource = {
      mode: 'latest',
      ledger: 'INCIDENTS',
      match: (item) => item.entry.incidentId === incident,
      current: async () => current,
    };
    const render = rendering(() => 0);
    const quick = new Reader();
    const slow = new Reader(1);
    await join(groups, null, quick, render, source);
    await join(groups, null, slow, render, source);
    expect([quick.received, slow.received]).toEqual([['9'], ['9']]);
    for (let n = 0; n < 10; n += 1) {
      feed.committed(organizationId, 'INCIDENTS', ledger.append(3));
      await pause(2);
    }
    current = null;
    slow.drain();
    await settled(() => quick.received.at(-1) === '39' && slow.received.at(-1) === '39');
    expect(quick.received.at(-1)).toBe('39');
    expect(slow.received).toEqual(['9', '39']);
    await feed.close();
  });
});

describe('groups against per-subscriber execution', () => {
  it('deliver the same bytes: no gap, no duplicate, whoever writes, joins, leaves, lags or comes back', async () => {
    await fc.assert(fc.asyncProperty(fc.array(action, { minLength: 20, maxLength: 120 }), history), {
      numRuns: 25,
      endOnFailure: true,
    });
  }, 60_000);
});

const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      count: fc.integer({ min: 1, max: 40 }),
      told: fc.constantFrom('entries', 'bell', 'nothing'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('join' as const),
      after: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      room: fc.constantFrom(1, 3, 20, 1e9),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('drain' as const), which: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), for: fc.integer({ min: 0, max: 3 }) }),
  },
);

type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

interface Joined {
  readonly reader: Reader;
  readonly leave: () => void;
  /** From here on at the latest it must be given everything; for a cursor, exactly from here. */
  readonly from: number;
  readonly exactly: boolean;
  left: boolean;
}

/** Runs one history on a small ring and compares what everyone was sent with what each alone would have been sent. */
async function history(actions: readonly Action[]): Promise<void> {
  let tick = 0;
  const ledger = fakeLedger(() => (tick++ * 7) % 4);
  ledger.append(50);
  const { feed, groups } = house(ledger, { ringEntries: 32, pagesAtATime: 2 });
  const match = (item: FeedEntry) => item.entry.sequence % 3 !== 0;
  const source: FeedSource = { mode: 'every', ledger: 'INCIDENTS', after: null, match };
  const render = rendering(() => (tick++ * 5) % 3);
  const everyone: Joined[] = [];
  const joining: Promise<void>[] = [];

  const joinOne = async (after: number | null, room: number): Promise<void> => {
    const reader = new Reader(room);
    const leave = await join(groups, after, reader, render, source);
    everyone.push({ reader, leave, from: after ?? ledger.head, exactly: after !== null, left: false });
  };
  for (const step of actions) {
    if (step.do === 'write') {
      const entries = ledger.append(step.count);
      if (step.told === 'entries') feed.committed(organizationId, 'INCIDENTS', entries);
      if (step.told === 'bell') feed.ring(organizationId);
    } else if (step.do === 'join') {
      joining.push(joinOne(step.after === null ? null : Math.floor(step.after * ledger.head), step.room));
    } else if (step.do === 'wait') await pause(step.for);
    else if (everyone.length > 0) {
      const one = everyone[step.which % everyone.length] as Joined;
      if (step.do === 'drain') one.reader.drain();
      else {
        one.leave();
        one.left = true;
      }
    }
  }
  await Promise.all(joining);
  const all = await alone(ledger, match);
  const staying = everyone.filter((one) => !one.left);
  for (const { reader } of staying) reader.open();
  await settled(() =>
    staying.every(({ reader, from }) => from === ledger.head || reader.received.at(-1) === all.at(-1)),
  );
  for (const one of everyone) check(one, all);
  await feed.close();
}

/** What one subscriber alone is given from the beginning. */
async function alone(ledger: FakeLedger, match: (item: FeedEntry) => boolean): Promise<string[]> {
  const feed = createFeed({ database: ledger.another(), log });
  const ending = new AbortController();
  const results: string[] = [];
  for await (const item of feed.follow({
    organizationId,
    ledger: 'INCIDENTS',
    after: 0,
    signal: ending.signal,
  })) {
    if (match(item)) results.push(textOf(item));
    if (item.entry.sequence === ledger.head) ending.abort();
  }
  await feed.close();
  return results;
}

function check(one: Joined, all: readonly string[]): void {
  const { received } = one.reader;
  expect(one.reader.failures).toEqual([]);
  const owed = all.filter((text) => Number(text.split(' ')[0]) > one.from);
  if (one.exactly) expect(received).toEqual(one.left ? owed.slice(0, received.length) : owed);
  else {
    // "From now" begins no later than when joining was answered; from there on it is exact.
    const start = received.length === 0 ? all.length : all.indexOf(received[0] as string);
    expect(received).toEqual(all.slice(start, start + received.length));
    if (!one.left) expect(received.slice(received.length - owed.length)).toEqual(owed);
  }
}
