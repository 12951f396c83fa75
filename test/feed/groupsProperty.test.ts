import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFeed } from '../../src/feed/createFeed.ts';
import type { FeedEntry } from '../../src/feed/entry.ts';
import type { FeedSource } from '../../src/feed/source.ts';
import { type FakeLedger, fakeLedger, organizationId } from './fakeLedger.ts';
import { house, join, log, pause, Reader, rendering, settled, textOf } from './groupReader.ts';

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
