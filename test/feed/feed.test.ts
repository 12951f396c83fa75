import { afterEach, describe, expect, it } from 'vitest';
import { createFeed, type FeedLimits } from '../../src/feed/createFeed.ts';
import { CursorBeyondHeadError } from '../../src/feed/cursorBeyondHead.ts';
import type { FeedEntry, LedgerFeedEntry } from '../../src/feed/entry.ts';
import type { Feed } from '../../src/feed/feed.ts';
import { type FakeLedger, fakeLedger, organizationId } from './fakeLedger.ts';

const log = { info() {}, error() {} };
const open: Feed[] = [];

function feedOn(ledger: FakeLedger, limits: Partial<FeedLimits> = {}, database = ledger.database): Feed {
  const feed = createFeed({ database, log, limits: { pollEvery: 20, ...limits } });
  open.push(feed);
  return feed;
}

afterEach(async () => {
  for (const feed of open.splice(0)) await feed.close();
});

const incidents = { organizationId, ledger: 'INCIDENTS' } as const;
const forever = () => new AbortController().signal;

async function take(iterator: AsyncIterableIterator<FeedEntry>, count: number): Promise<number[]> {
  const sequences: number[] = [];
  while (sequences.length < count) {
    const { value, done } = await iterator.next();
    if (done) break;
    sequences.push(value.entry.sequence);
  }
  return sequences;
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('following a ledger', () => {
  it('gives everything after the cursor, then what is committed here, then what others committed', async () => {
    const ledger = fakeLedger();
    ledger.append(2_500);
    const feed = feedOn(ledger);
    const iterator = feed.follow({ ...incidents, after: 7, signal: forever() });
    expect(await take(iterator, 2_493)).toEqual(range(8, 2_500));
    feed.committed(organizationId, 'INCIDENTS', ledger.append(3));
    ledger.append(2);
    expect(await take(iterator, 5)).toEqual(range(2_501, 2_505));
  });

  it('gives the state right after each entry, wherever it was read from', async () => {
    const ledger = fakeLedger();
    const all = ledger.append(100);
    const feed = feedOn(ledger, { ringEntries: 8 });
    const iterator = feed.follow({ ...incidents, after: 31, signal: forever() });
    for (const expected of all.slice(31)) {
      const { entry, after } = (await iterator.next()).value as LedgerFeedEntry;
      // An entry that was read parses its event when it is looked at.
      expect({ entry: { ...entry, event: entry.event }, after }).toEqual(expected);
    }
  });

  it('folds no incident for a reader that does not look at it', async () => {
    const ledger = fakeLedger();
    ledger.append(100);
    const feed = feedOn(ledger, { ringEntries: 8 });
    const iterator = feed.follow({ ...incidents, after: 31, bare: true, signal: forever() });
    const { entry, after } = (await iterator.next()).value as LedgerFeedEntry;
    expect([entry.sequence, entry.event.type, after]).toEqual([32, 'INCIDENT_NOTE_ADDED', null]);
  });

  it('starts from now without a cursor', async () => {
    const ledger = fakeLedger();
    ledger.append(5);
    const feed = feedOn(ledger);
    const iterator = feed.follow({ ...incidents, after: null, signal: forever() });
    const first = take(iterator, 1);
    await new Promise((resolve) => setTimeout(resolve, 30));
    feed.committed(organizationId, 'INCIDENTS', ledger.append(1));
    expect(await first).toEqual([6]);
  });

  it('refuses a cursor beyond the head before anything is given, also when others listen', async () => {
    const ledger = fakeLedger();
    ledger.append(3);
    const feed = feedOn(ledger);
    const beyond = () => feed.follow({ ...incidents, after: 4, signal: forever() }).next();
    await expect(beyond()).rejects.toMatchObject({ code: 'CURSOR_BEYOND_HEAD', after: 4, head: 3 });
    const fine = feed.follow({ ...incidents, after: 1, signal: forever() });
    await fine.next();
    await expect(beyond()).rejects.toBeInstanceOf(CursorBeyondHeadError);
  });

  it('takes a cursor that another instance gave out before this one heard of it', async () => {
    const ledger = fakeLedger();
    ledger.append(3);
    const feed = feedOn(ledger, { pollEvery: 60_000 });
    await take(feed.follow({ ...incidents, after: 0, signal: forever() }), 3);
    ledger.append(2);
    const iterator = feed.follow({ ...incidents, after: 5, signal: forever() });
    const next = take(iterator, 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    feed.committed(organizationId, 'INCIDENTS', ledger.append(1));
    expect(await next).toEqual([6]);
  });

  it('begins anew for a good cursor when a bad one came first', async () => {
    const ledger = fakeLedger(() => 5);
    ledger.append(3);
    const feed = feedOn(ledger);
    const bad = feed.follow({ ...incidents, after: 9, signal: forever() }).next();
    const good = take(feed.follow({ ...incidents, after: 0, signal: forever() }), 3);
    await expect(bad).rejects.toMatchObject({ code: 'CURSOR_BEYOND_HEAD' });
    expect(await good).toEqual([1, 2, 3]);
  });

  it('ends at once by return, by its signal and by close, also while it waits', async () => {
    const ledger = fakeLedger();
    const feed = feedOn(ledger);
    const ending = new AbortController();
    const returned = feed.follow({ ...incidents, after: null, signal: forever() });
    const aborted = feed.follow({ ...incidents, after: null, signal: ending.signal });
    const closed = feed.follow({ ...incidents, after: null, signal: forever() });
    const waiting = [returned.next(), aborted.next(), closed.next()];
    await new Promise((resolve) => setTimeout(resolve, 20));
    await returned.return?.();
    ending.abort();
    await feed.close();
    for (const result of await Promise.all(waiting)) expect(result.done).toBe(true);
  });
});

describe('a tail', () => {
  it('reads new rows once, however many listen', async () => {
    const ledger = fakeLedger();
    const feed = feedOn(ledger, { pollEvery: 60_000 });
    const iterators = range(1, 50).map(() => feed.follow({ ...incidents, after: 0, signal: forever() }));
    const taken = iterators.map((iterator) => take(iterator, 10));
    await new Promise((resolve) => setTimeout(resolve, 20));
    const before = ledger.pagesRead;
    ledger.append(10);
    feed.ring(organizationId);
    for (const sequences of await Promise.all(taken)) expect(sequences).toEqual(range(1, 10));
    expect(ledger.pagesRead - before).toBe(1);
  });

  it('reads nothing for what was committed here', async () => {
    const ledger = fakeLedger();
    const feed = feedOn(ledger);
    const taken = take(feed.follow({ ...incidents, after: null, signal: forever() }), 30);
    await new Promise((resolve) => setTimeout(resolve, 20));
    for (let n = 0; n < 10; n += 1) feed.committed(organizationId, 'INCIDENTS', ledger.append(3));
    expect(await taken).toEqual(range(1, 30));
    expect(ledger.pagesRead).toBe(0);
  });

  it('folds what others committed onto the incidents it holds, and reads only those it does not', async () => {
    const ledger = fakeLedger();
    const feed = feedOn(ledger, { pollEvery: 60_000 });
    const iterator = feed.follow({ ...incidents, after: 0, signal: forever() });
    const first = take(iterator, 9);
    await new Promise((resolve) => setTimeout(resolve, 20));
    feed.committed(organizationId, 'INCIDENTS', ledger.append(9));
    expect(await first).toEqual(range(1, 9));
    const before = ledger.statesRead;
    const others = ledger.append(6);
    feed.ring(organizationId);
    for (const expected of others) {
      const { entry, after } = (await iterator.next()).value as LedgerFeedEntry;
      expect([entry.sequence, after]).toEqual([expected.entry.sequence, expected.after]);
    }
    expect(ledger.statesRead).toBe(before);
    await iterator.return?.();

    const short = feedOn(ledger, { pollEvery: 60_000, ringEntries: 1 });
    const late = short.follow({ ...incidents, after: null, signal: forever() });
    const next = late.next();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const [unseen] = ledger.append(1);
    short.ring(organizationId);
    expect((await next).value.after).toEqual(unseen?.after);
    expect(ledger.statesRead).toBe(before + 1);
  });

  it('says what it knows of a ledger while someone listens, and nothing otherwise', async () => {
    const ledger = fakeLedger();
    ledger.append(3);
    const feed = feedOn(ledger, { pollEvery: 60_000 });
    expect(feed.known(organizationId, 'INCIDENTS')).toBeNull();
    const iterator = feed.follow({ ...incidents, after: 1, signal: forever() });
    await take(iterator, 2);
    expect(feed.known(organizationId, 'INCIDENTS')).toBe(3);
    expect(feed.known(organizationId, 'ADMINISTRATION')).toBeNull();
    feed.committed(organizationId, 'INCIDENTS', ledger.append(2));
    expect(feed.known(organizationId, 'INCIDENTS')).toBe(5);
    await iterator.return?.();
    expect(feed.known(organizationId, 'INCIDENTS')).toBeNull();
  });

  it('is dropped with its last listener and polls for nobody', async () => {
    const ledger = fakeLedger();
    const feed = feedOn(ledger);
    const iterator = feed.follow({ ...incidents, after: 0, signal: forever() });
    const waiting = iterator.next();
    await new Promise((resolve) => setTimeout(resolve, 10));
    await iterator.return?.();
    await waiting;
    ledger.append(5);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(ledger.pagesRead).toBe(0);
    expect(feed.lag()).toBe(0);
  });

  it('hears another instance long before the poll', async () => {
    const ledger = fakeLedger(() => 1);
    const here = feedOn(ledger, { pollEvery: 60_000 });
    const there = feedOn(ledger, { pollEvery: 60_000 }, ledger.another());
    const taken = take(there.follow({ ...incidents, after: 0, signal: forever() }), 40);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const began = performance.now();
    for (let n = 0; n < 40; n += 1) here.committed(organizationId, 'INCIDENTS', ledger.append(1));
    expect(await taken).toEqual(range(1, 40));
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('keeps its readers through an outage and says how far behind it is', async () => {
    const ledger = fakeLedger();
    const feed = feedOn(ledger);
    const live = take(feed.follow({ ...incidents, after: 0, signal: forever() }), 12);
    await new Promise((resolve) => setTimeout(resolve, 20));
    ledger.break(true);
    feed.committed(organizationId, 'INCIDENTS', ledger.append(10).slice(5));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(feed.lag()).toBe(10);
    ledger.break(false);
    ledger.append(2);
    expect(await live).toEqual(range(1, 12));
    expect(feed.lag()).toBe(0);
  });

  it('keeps all rings of the process within its bound', async () => {
    const ledger = fakeLedger();
    const feed = feedOn(ledger, { processBytes: 100_000 });
    const iterator = feed.follow({ ...incidents, after: 0, signal: forever() });
    const first = take(iterator, 400);
    await new Promise((resolve) => setTimeout(resolve, 20));
    feed.committed(organizationId, 'INCIDENTS', ledger.append(400, 'x'.repeat(1_000)));
    // What left the ring is read from the database: nothing is lost.
    expect(await first).toEqual(range(1, 400));
    expect(ledger.pagesRead).toBeGreaterThan(0);
  });
});
