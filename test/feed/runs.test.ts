import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHandle, type Door } from '../../src/app/handle.ts';
import { reportRuns } from '../../src/app/reportRuns.ts';
import type { RunReport } from '../../src/domain/detection/runReport.ts';
import { createFeed, type FeedLimits } from '../../src/feed/createFeed.ts';
import type { RunEntry } from '../../src/feed/entry.ts';
import type { Feed } from '../../src/feed/feed.ts';
import { createLog } from '../../src/log.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { sweep } from '../../src/store/sweep.ts';
import { founded } from '../store/founded.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';

const log = createLog('silent');
const clock = { now: () => new Date().toISOString() };
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

let database: TestDatabase;
const feeds: Feed[] = [];
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(async () => {
  await Promise.all(feeds.map((feed) => feed.close()));
  await database.drop();
});

/** An instance of its own: a feed, and a door that tells it. */
function instance(limits: Partial<FeedLimits> = {}) {
  const feed = createFeed({ database, log, limits });
  feeds.push(feed);
  return { feed, handle: createHandle({ store: createPostgresStore(database), clock, inbox: feed, log }) };
}

const run = (runId: string, status: RunReport['status'] = 'SUCCEEDED'): RunReport => ({
  source: 'reminders',
  runId,
  target: `target of ${runId}`,
  status,
});

async function report(handle: Door, organizationId: string, runs: readonly RunReport[]): Promise<void> {
  const principal = {
    organizationId,
    organizationSlug: 'runs',
    actor: { kind: 'INTEGRATION', id: v7(), role: 'MEMBER' },
    scopes: ['INGEST'],
    credentialId: 'key',
  } as const;
  const answer = await reportRuns(runs, {
    principal,
    handle,
    scope: { database, organizationId },
    newId: () => v7(),
    request: null,
    now: clock.now(),
  });
  if (!('runs' in answer)) throw new Error(JSON.stringify(answer));
}

/** The first so many runs after the cursor; null: from now. */
async function follow(feed: Feed, organizationId: string, after: number | null, count: number) {
  const found: RunEntry[] = [];
  const signal = new AbortController().signal;
  for await (const { entry } of feed.follow({ organizationId, ledger: 'RUNS', after, bare: true, signal })) {
    if (entry.ledger !== 'RUNS') throw new Error('That is no run.');
    if (entry.run !== null) found.push(entry);
    if (found.length >= count) break;
  }
  return found;
}

const idsOf = (entries: readonly RunEntry[]) => entries.map((entry) => entry.run?.runId);

describe('runs, followed', () => {
  it('come in order of commit, each once, to every instance, whoever wrote them at the same time', async () => {
    const organizationId = await founded(database, 'runs-races');
    const [one, other] = [instance({ ringEntries: 32 }), instance({ pollEvery: 50, ringEntries: 32 })];
    const each = Array.from({ length: 40 }, (_, n) => [
      ...Array.from({ length: 5 }, (_, m) => run(`${n}.${m}`, n % 8 === 0 ? 'FAILED' : 'SKIPPED')),
      // And one that two instances are told of at once.
      run(`both ${n >> 1}`),
    ]);
    const following = [one.feed, other.feed].map((feed) => follow(feed, organizationId, 0, 40 * 5 + 20));
    await Promise.all(each.map((runs, n) => report(n % 2 ? one.handle : other.handle, organizationId, runs)));
    const [first = [], second = []] = await Promise.all(following);
    const sequences = first.map(({ sequence }) => sequence);
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
    expect(new Set(idsOf(first)).size).toBe(220);
    expect(second).toEqual(first);
  });

  it('come whole when they are more than the ring holds', async () => {
    const organizationId = await founded(database, 'runs-burst');
    const { feed, handle } = instance({ ringEntries: 64 });
    const following = follow(feed, organizationId, null, 1_000);
    while (feed.known(organizationId, 'RUNS') === null) await new Promise((wake) => setTimeout(wake, 5));
    const burst = Array.from({ length: 1_000 }, (_, n) => run(`b${n}`, 'FAILED'));
    await report(handle, organizationId, burst);
    expect(idsOf(await following).sort()).toEqual(burst.map(({ runId }) => runId).sort());
    expect((await following).every((entry) => entry.run?.incidentId !== null)).toBe(true);
  });

  it('that nobody rang for are seen by the poll', async () => {
    const organizationId = await founded(database, 'runs-poll');
    const quiet = createHandle({
      store: createPostgresStore(database),
      clock,
      inbox: { committed: () => {}, ring: () => {} },
      log,
    });
    const { feed } = instance({ pollEvery: 50 });
    const following = follow(feed, organizationId, 0, 1);
    await report(quiet, organizationId, [run('silent')]);
    expect(idsOf(await following)).toEqual(['silent']);
  });

  it('that have been swept leave no reader waiting, and hide none that comes after', async () => {
    const organizationId = await founded(database, 'runs-swept');
    const { feed, handle } = instance();
    await report(handle, organizationId, [run('old 1'), run('old 2')]);
    await sweep(database, 'runs', inDays(91));
    const reader = await feed.open({ organizationId, ledger: 'RUNS', after: 0, bare: true });
    expect(await reader.read(0, 10)).toMatchObject([{ entry: { sequence: 2, run: null } }]);
    const following = follow(feed, organizationId, 1, 1);
    await report(handle, organizationId, [run('new')]);
    expect(await following).toMatchObject([{ sequence: 3, run: { runId: 'new' } }]);
    reader.close();
  });

  it('have an end, which no cursor may be past, and are of one organization', async () => {
    const [here, there] = [await founded(database, 'runs-here'), await founded(database, 'runs-there')];
    const { feed, handle } = instance();
    await report(handle, here, [run('1'), run('2')]);
    await report(handle, there, [run('theirs')]);
    expect([await feed.head(here, 'RUNS'), await feed.head(there, 'RUNS')]).toEqual([2, 1]);
    await expect(feed.open({ organizationId: here, ledger: 'RUNS', after: 3 })).rejects.toMatchObject({
      code: 'CURSOR_BEYOND_HEAD',
      message: expect.stringContaining('runsHead'),
    });
    expect(idsOf(await follow(feed, here, 1, 1))).toEqual(['2']);
    expect(idsOf(await follow(feed, there, 0, 1))).toEqual(['theirs']);
  });
});
