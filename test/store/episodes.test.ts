import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { WriteStore } from '../../src/store/port.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { sweep } from '../../src/store/sweep.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';
import { changeOf, created, founded, ingested, loading, start } from './founded.ts';

const began = '2026-11-20T18:00:00.000Z';
const ended = '2026-11-20T18:30:00.000Z';
const episode = { dedupKey: 'k', fingerprint: 'f', beganAt: began };

let database: TestDatabase;
let store: WriteStore;
let organizationId: string;
let organizations = 0;
beforeAll(async () => {
  database = await openTestDatabase();
  store = createPostgresStore(database);
});
afterAll(() => database.drop());
beforeEach(async () => {
  organizations += 1;
  organizationId = await founded(database, `episodes-${organizations}`);
});

/** The change that remembers a clearing. */
function early(fingerprint: string, endedAt = ended, free = true) {
  const row = { dedup_key: 'k', fingerprint, ended_at: endedAt, remembered_at: start, free };
  return {
    incidentId: null,
    baseVersion: null,
    administrationSequence: null,
    commandId: v7(),
    events: [],
    incident: null,
    rows: { early_clearing: [row] },
    deletes: {},
    deadlines: null,
    dedupKeys: null,
    request: null,
  };
}

/** The change that declares an incident with a signal of the episode, which holds its key. */
function declared(signalId = v7()) {
  const facts = [
    created({ dedupKeys: ['k'] }),
    ingested({ signalId, fingerprint: 'f', dedupKey: 'k', beganAt: began }),
  ];
  return changeOf(v7(), null, facts, { dedupKeys: { take: ['k'], retake: [], release: [] } });
}

const commit = (changes: Parameters<WriteStore['commit']>[0]['changes'], earlyClearings?: number) =>
  store.commit({
    organizationId,
    policyVersion: 1,
    changes,
    ...(earlyClearings !== undefined && { earlyClearings }),
  });

const known = async (more = {}) => {
  const loaded = await store.load(
    loading(organizationId, { dedupKeys: ['k'], episodes: [episode], ...more }),
  );
  return { ...loaded.episodes, times: loaded.earlyClearings };
};

it('knows an episode once a signal of it was cleared, and nothing of one that fires', async () => {
  expect(await known()).toEqual({ over: [], early: [], times: 0 });
  const signalId = v7();
  const { change, after } = declared(signalId);
  await commit([change], 0);
  expect(await known()).toEqual({ over: [], early: [], times: 0 });
  const fingerprints = [{ of: 'k', fingerprint: 'f' }];
  // As many fire as are asked for: then they are known, and nobody looks.
  expect(await known({ fingerprints })).toEqual({ times: 0 });
  expect(await known({ fingerprints, episodesInAnyCase: true })).toEqual({ over: [], early: [], times: 0 });
  const { openSignals } = await store.load(loading(organizationId, { dedupKeys: ['k'], fingerprints }));
  expect(openSignals).toMatchObject([{ signalId, dedupKey: 'k', beganAt: began }]);
  const cleared = {
    type: 'INCIDENT_SIGNAL_CLEARED',
    payload: { signalId, fingerprint: 'f', clearedAt: ended },
  } as const;
  await commit([changeOf(change.incidentId ?? '', after, [cleared]).change]);
  expect(await known({ fingerprints })).toEqual({ over: [episode], early: [], times: 0 });
  expect(await known({ episodes: [{ ...episode, beganAt: ended }] })).toEqual({
    over: [],
    early: [],
    times: 0,
  });
  const { signals } = await store.load(loading(organizationId, { signalIds: [signalId] }));
  expect(signals[0]?.own.signal.beganAt).toBe(began);
});

it('remembers of a key and fingerprint the latest end that came early', async () => {
  await commit([early('f'), early(''), early('other')]);
  const of = (fingerprint: string | null, endedAt = ended) => ({ dedupKey: 'k', fingerprint, endedAt });
  expect(await known()).toEqual({ over: [], early: expect.arrayContaining([of('f'), of(null)]), times: 1 });
  await commit([early('f', began)]);
  expect((await known()).times).toBe(1);
  await commit([early('f', start)]);
  const { early: clearings, times } = await known();
  expect([clearings?.length, times]).toEqual([2, 2]);
  expect(clearings).toEqual(expect.arrayContaining([of('f', start), of(null)]));
  const elsewhere = await founded(database, `elsewhere-${organizations}`);
  const { episodes } = await store.load(loading(elsewhere, { episodes: [episode] }));
  expect(episodes).toEqual({ over: [], early: [] });
});

it('commits neither the clearing nor what it clears where the other came meanwhile', async () => {
  const { change } = declared();
  expect(await commit([early('f')])).toMatchObject([{ kind: 'committed' }]);
  expect(await commit([change], 0)).toEqual([{ kind: 'conflict' }]);
  expect(await commit([change], 1)).toMatchObject([{ kind: 'committed' }]);
  expect(await commit([early('f', start)])).toEqual([{ kind: 'conflict' }]);
  expect(await commit([early('f', start, false)])).toMatchObject([{ kind: 'committed' }]);
  // What says nothing of episodes is not held up.
  expect(await commit([changeOf(v7(), null, [created()]).change], 0)).toMatchObject([{ kind: 'committed' }]);
});

it('forgets them after seven days', async () => {
  await commit([early('f')]);
  await sweep(database, 'clearings', '2026-11-27T18:59:59.000Z');
  expect((await known()).early).toHaveLength(1);
  expect(await sweep(database, 'clearings', '2026-11-27T19:00:00.001Z')).toBeGreaterThan(0);
  expect((await known()).early).toEqual([]);
});

it('keeps the latest 100,000 of an organization', async () => {
  const row = early('').rows.early_clearing[0];
  const at = (n: number) => new Date(Date.parse(start) + n).toISOString();
  const rows = Array.from({ length: 100_003 }, (_, n) => ({
    ...row,
    dedup_key: `k${n}`,
    remembered_at: at(n),
  }));
  for (let n = 0; n < rows.length; n += 5_000) {
    await commit([{ ...early(''), rows: { early_clearing: rows.slice(n, n + 5_000) } }]);
  }
  expect(await sweep(database, 'clearings', start)).toBe(3);
  const episodes = [2, 3].map((n) => ({ ...episode, dedupKey: `k${n}` }));
  const loaded = await store.load(loading(organizationId, { episodes }));
  expect(loaded.episodes?.early.map(({ dedupKey }) => dedupKey)).toEqual(['k3']);
}, 120_000);
