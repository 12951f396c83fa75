import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stateShape } from '../../src/domain/incident/state.ts';
import type { Database } from '../../src/store/database.ts';
import { plainOf } from '../../src/store/plainChanges.ts';
import type { Change, CommitOutcome } from '../../src/store/port.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { type Random, seeded } from '../support/random.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';
import { type Before, changeOf, commit, created, founded, loading, noted, start } from './founded.ts';

const request = (key: string) => ({ principal: 'ada', key, digest: 'ab'.repeat(32) });

describe('what can be committed at a glance', () => {
  const one = changeOf(v7(), null, [created()]);
  const two = changeOf(one.change.incidentId ?? '', one.after, [noted('a'), noted('b')]);
  const uncarried = { ...one.change, incident: null, deadlines: null };

  it('is changes that follow each other, each incident with its state at the end', () => {
    const other = changeOf(v7(), null, [created()], { request: request('k') }).change;
    expect(plainOf([uncarried, other, two.change])).toMatchObject([
      { o: 1, slot: 1, base: 0, version: 3, carrier: 3, planner: 3 },
      { o: 2, slot: 2, base: 0, version: 1, carrier: 2, planner: 2 },
      { o: 3, slot: 1 },
    ]);
  });

  it.each<[string, readonly Change[]]>([
    ['a state that never comes', [uncarried]],
    ['a version that was left out', [one.change, { ...two.change, baseVersion: 2 }]],
    ['a dedup key', [{ ...one.change, dedupKeys: { take: ['k'], retake: [], release: [] } }]],
    ['a name', [changeOf(v7(), null, [created({ names: [{ kind: 'TEAM', id: v7(), name: 'A' }] })]).change]],
    ['a policy', [{ ...one.change, rows: { policy: [{ version: 2 }] } }]],
    ['no incident', [{ ...one.change, incidentId: null }]],
    ['no version', [{ ...one.change, baseVersion: null }]],
    [
      'a session gate that was not like that',
      [uncarried, { ...two.change, gate: { before: start, after: start } }],
    ],
    ['an incident that is not declared', [{ ...one.change, events: [] }]],
    [
      'administration',
      [{ ...one.change, events: one.change.events.map((event) => ({ ...event, ledger: 'ADMINISTRATION' })) }],
    ],
    [
      'one idempotency key twice',
      [one.change, two.change].map((change) => ({ ...change, request: request('k') })),
    ],
  ])('is not %s', (_what, changes) => {
    expect(plainOf(changes)).toBeUndefined();
  });
});

describe('a batch', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.drop());

  it('compares since when the incident blocks sessions', async () => {
    const organization = await founded(database, 'gate');
    const id = v7();
    const first = changeOf(id, null, [created()], { gate: { before: null, after: start } });
    const second = changeOf(id, first.after, [noted('a')], { gate: { before: null, after: null } });
    expect(plainOf([second.change])).toHaveLength(1);
    expect(await commit(database, organization, [first.change])).toMatchObject([{ kind: 'committed' }]);
    expect(await commit(database, organization, [second.change])).toEqual([{ kind: 'conflict' }]);
    const opened = { ...second.change, gate: { before: start, after: null } };
    const third = changeOf(id, second.after, [noted('b')]);
    expect(await commit(database, organization, [opened, third.change])).toMatchObject([
      { kind: 'committed' },
      { kind: 'committed' },
    ]);
  });

  it('does not write over what a newer program wrote', async () => {
    const organization = await founded(database, 'newer');
    const id = v7();
    const { change, after } = changeOf(id, null, [created()]);
    const newer = { ...change, incident: change.incident && { ...change.incident, shape: stateShape + 1 } };
    expect(await commit(database, organization, [newer])).toMatchObject([{ kind: 'committed' }]);
    const late = changeOf(id, after, [noted('a')]).change;
    const keyed = { ...late, dedupKeys: { take: [], retake: ['k'], release: [] } };
    for (const one of [late, keyed]) {
      expect(await commit(database, organization, [one])).toEqual([{ kind: 'conflict' }]);
    }
  });

  it('comes to the same whether it is committed at a glance or compared change by change', async () => {
    const organizations = [await founded(database, 'glance'), await founded(database, 'compared')] as const;
    const stores = [createPostgresStore(database), createPostgresStore(withoutGlance(database))] as const;
    const random = seeded(11);
    const world: World = { random, standing: new Map(), past: [], keys: 0 };
    const kinds = new Map<string, number>();
    for (let round = 0; round < 120; round += 1) {
      const batch = anyBatch(world);
      const [glance = [], compared = []] = await Promise.all(
        organizations.map((organizationId, side) =>
          stores[side as 0 | 1].commit({
            organizationId,
            policyVersion: 1,
            changes: batch.map(({ change }) => change),
          }),
        ),
      );
      expect(glance.map(withoutHashes)).toEqual(compared.map(withoutHashes));
      for (const [index, { change, after }] of batch.entries()) {
        const { kind = 'none' } = glance[index] ?? {};
        const path = plainOf(batch.map((one) => one.change)) === undefined ? 'compared' : 'glance';
        kinds.set(`${path} ${kind}`, (kinds.get(`${path} ${kind}`) ?? 0) + 1);
        if (kind === 'committed' && change.incidentId !== null) world.standing.set(change.incidentId, after);
      }
    }
    const [left, right] = await Promise.all(organizations.map((id) => everything(database, id)));
    expect(left).toEqual(right);
    for (const seen of [
      'glance committed',
      'glance conflict',
      'glance replayed',
      'compared committed',
      'compared conflict',
    ]) {
      expect(kinds.get(seen), seen).toBeGreaterThan(5);
    }
  }, 60_000);
});

interface World {
  readonly random: Random;
  readonly standing: Map<string, Before>;
  readonly past: [string, Before][];
  keys: number;
}

/** Up to five changes: of new incidents, of known ones, of what they were, with and without keys and states. */
function anyBatch(world: World): { readonly change: Change; readonly after: Before }[] {
  const { random, standing, past } = world;
  const current = new Map(standing);
  return Array.from({ length: 1 + random.below(5) }, () => {
    const known = [...current.keys()].slice(-4);
    const id = known.length === 0 || random.chance(0.2) ? v7() : random.pick(known);
    const stale = random.chance(0.08) ? past.find(([of]) => of === id)?.[1] : undefined;
    const before = stale ?? current.get(id) ?? null;
    const facts = before === null ? [created()] : [noted(`${past.length}`)];
    const key = random.chance(0.3)
      ? `k${random.chance(0.2) ? random.below(world.keys + 1) : ++world.keys}`
      : null;
    const made = changeOf(id, before, facts, key === null ? {} : { request: request(key) });
    if (before !== null) past.push([id, before]);
    current.set(id, made.after);
    return random.chance(0.1)
      ? { ...made, change: { ...made.change, incident: null, deadlines: null } }
      : made;
  });
}

/** The database as if no batch could be committed at a glance. */
function withoutGlance(database: TestDatabase): Database {
  return {
    ...database,
    callAsOrganization: (organizationId, name, [id, version, changes]) =>
      database.callAsOrganization(organizationId, name, [
        id,
        version,
        name === 'commit' ? JSON.stringify({ ...JSON.parse(String(changes)), plain: undefined }) : changes,
      ]),
  };
}

/** Hashes cover the organization. */
function withoutHashes(outcome: CommitOutcome) {
  if (outcome.kind !== 'committed') return outcome;
  return { ...outcome, entries: outcome.entries.map(({ sequence }) => sequence) };
}

async function everything(database: TestDatabase, organizationId: string) {
  const store = createPostgresStore(database);
  const entries = await store.entries(organizationId, 'INCIDENTS', 1, 1_000);
  const incidentIds = [...new Set(entries.map(({ incidentId }) => incidentId ?? ''))];
  const { incidents, requests } = await store.load(loading(organizationId, { incidentIds }));
  const rows = await Promise.all(
    ['deadline', 'incident_list', 'incident_text', 'idempotency_request', 'incident_snapshot'].map((table) =>
      database.asOrganization(organizationId, `SELECT * FROM warroom.${table} WHERE organization_id = $1`, [
        organizationId,
      ]),
    ),
  );
  const sorted = (list: readonly object[]) =>
    list.map((row) => JSON.stringify({ ...row, organization_id: null, search: null })).sort();
  return {
    entries: entries.map(({ organizationId: _of, hash: _hash, previousHash: _previous, ...entry }) => entry),
    incidents: sorted(incidents),
    requests: requests.length,
    rows: rows.map(sorted),
  };
}
