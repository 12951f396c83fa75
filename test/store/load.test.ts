import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../src/domain/policy/defaults.ts';
import type { WriteStore } from '../../src/store/port.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { refold } from '../../src/store/refold.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';
import { changeOf, commit, created, declared, founded, ingested, loading, noted, start } from './founded.ts';

describe('load', () => {
  let database: TestDatabase;
  let store: WriteStore;
  let organization: string;
  let organizations = 0;
  beforeAll(async () => {
    database = await openTestDatabase();
    store = createPostgresStore(database);
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    organizations += 1;
    organization = await founded(database, `load-${organizations}`);
  });

  it('answers the policy and nothing else for a request that names nothing', async () => {
    expect(await store.load(loading(organization, {}))).toEqual({
      policy: defaultPolicy,
      headSequence: 0,
      incidents: [],
      outdatedIncidentIds: [],
      dedupKeys: [],
      requests: [],
      names: [],
      memberIds: [],
      signals: [],
      openSignals: [],
      episodes: null,
      earlyClearings: 0,
      timeline: [],
      joinable: [],
      apiKeys: [],
      errors: [],
      runs: null,
      gates: [],
      administration: null,
    });
    await expect(store.load(loading(v7(), {}))).rejects.toThrow('There is no organization');
  });

  it('answers everything a batch names, in one statement', async () => {
    const incidentId = v7();
    const [firing, cleared, other] = [v7(), v7(), v7()];
    const names = [
      { kind: 'SERVICE', id: v7(), name: 'Checkout' },
      { kind: 'TEAM', id: v7(), name: 'Payments' },
    ];
    const { change, after } = changeOf(
      incidentId,
      null,
      [
        created({ names, dedupKeys: ['k'], description: 'd "quoted" \\ 💥' }),
        ingested({ signalId: firing, fingerprint: 'f1' }),
        ingested({ signalId: cleared, fingerprint: 'f2' }),
        ingested({ signalId: other, fingerprint: 'f3' }),
        {
          type: 'INCIDENT_SIGNAL_CLEARED',
          payload: { signalId: cleared, fingerprint: 'f2', clearedAt: start },
        },
        { type: 'INCIDENT_VISIBILITY_CHANGED', payload: { ofSequence: 2, isPublic: true, reason: null } },
      ],
      {
        dedupKeys: { take: ['k'], retake: [], release: [] },
        request: { principal: 'ada', key: 'q', digest: 'cd'.repeat(32) },
      },
    );
    expect(await commit(database, organization, [change])).toMatchObject([{ kind: 'committed' }]);
    let statements = 0;
    const counting = createPostgresStore({
      ...database,
      callAsOrganization: (...parameters) => {
        statements += 1;
        return database.callAsOrganization(...parameters);
      },
    } as TestDatabase);
    const loaded = await counting.load(
      loading(organization, {
        dedupKeys: ['k', 'nobody'],
        requests: [
          { principal: 'ada', key: 'q' },
          { principal: 'grace', key: 'q' },
        ],
        names: [
          { kind: 'SERVICE', name: '  CHECKOUT ' },
          { kind: 'TEAM', name: 'payments' },
          { kind: 'PROJECT', name: 'payments' },
        ],
        userIds: ['ada', 'mallory'],
        signalIds: [cleared, v7()],
        fingerprints: [
          { of: 'k', fingerprint: 'f1' },
          { of: null, fingerprint: 'f2' },
        ],
        sequences: [1, 2, 99],
        apiKeyIds: [v7()],
        errors: [{ source: 'shop', errorId: 'unknown' }],
        runs: null,
      }),
    );
    expect(statements).toBe(1);
    expect(loaded).toMatchObject({
      headSequence: 6,
      incidents: [{ state: after.state, number: 1, sequence: 6, policyVersion: 1 }],
      dedupKeys: [{ key: 'k', incidentId, held: true }],
      requests: [
        {
          principal: 'ada',
          key: 'q',
          digest: 'cd'.repeat(32),
          ledger: 'INCIDENTS',
          incidentId,
          firstSequence: 1,
          lastSequence: 6,
        },
      ],
      names,
      memberIds: ['ada'],
      signals: [{ signalId: cleared, incidentId }],
      openSignals: [{ incidentId, signalId: firing, fingerprint: 'f1', firing: true }],
      apiKeys: [],
      errors: [],
      runs: null,
      gates: [],
    });
    expect(loaded.timeline).toEqual(
      expect.arrayContaining([
        { sequence: 1, incidentId, isPublic: false },
        { sequence: 2, incidentId, isPublic: true },
      ]),
    );
    const all = await store.load(loading(organization, { allOpenSignalsOfDedupKeys: ['k'] }));
    expect(all.openSignals.map(({ signalId }) => signalId).sort()).toEqual([firing, other].sort());
  });

  it('answers a signal that nobody clears by its fingerprint, never among those that fire', async () => {
    const [incidentId, signalId] = [v7(), v7()];
    const facts = [
      created({ dedupKeys: ['l'] }),
      ingested({ signalId, fingerprint: 'f', firing: false }),
      ingested({ fingerprint: null, firing: false }),
    ];
    const { change } = changeOf(incidentId, null, facts, {
      dedupKeys: { take: ['l'], retake: [], release: [] },
    });
    expect(await commit(database, organization, [change])).toMatchObject([{ kind: 'committed' }]);
    const named = await store.load(
      loading(organization, {
        incidentIds: [incidentId],
        fingerprints: ['f', 'g'].map((fingerprint) => ({ of: incidentId, fingerprint })),
      }),
    );
    expect(named.openSignals).toEqual([
      { incidentId, signalId, fingerprint: 'f', firing: false, dedupKey: null, beganAt: null },
    ]);
    const all = await store.load(loading(organization, { allOpenSignalsOfDedupKeys: ['l'] }));
    expect(all.openSignals).toEqual([]);
  });

  it('answers of what a resolve clears as much as one command does, by the key it came by or by none', async () => {
    const incidentId = v7();
    const many = (dedupKey: string | null, count: number) =>
      Array.from({ length: count }, (_, n) =>
        ingested({ fingerprint: `${dedupKey} ${n}`, ...(dedupKey === null ? null : { dedupKey }) }),
      );
    const keys = ['many', 'some', 'nothing'];
    const facts = [created({ dedupKeys: keys }), ...many('many', 100), ...many('some', 10), ...many(null, 5)];
    const { change } = changeOf(incidentId, null, facts, {
      dedupKeys: { take: keys, retake: [], release: [] },
    });
    expect(await commit(database, organization, [change])).toMatchObject([{ kind: 'committed' }]);
    const openOf = async (...of: string[]) => {
      const { openSignals } = await store.load(loading(organization, { allOpenSignalsOfDedupKeys: of }));
      expect(openSignals.every((signal) => signal.incidentId === incidentId)).toBe(true);
      return openSignals.map(({ dedupKey }) => dedupKey);
    };
    const numberOf = (found: readonly (string | null)[], key: string | null) =>
      found.filter((one) => one === key).length;
    expect(await openOf('many')).toHaveLength(64);
    const some = await openOf('some');
    expect([numberOf(some, 'some'), numberOf(some, null), some.length]).toEqual([10, 5, 15]);
    expect(await openOf('nothing')).toEqual(Array(5).fill(null));
    expect(numberOf(await openOf('many', 'some'), 'some')).toBe(10);
  });

  it('looks for a fingerprint where it is said to be, and everywhere when nothing is said', async () => {
    const alerted = async (key: string) => {
      const [incidentId, signalId] = [v7(), v7()];
      const facts = [created({ dedupKeys: [key] }), ingested({ signalId, fingerprint: 'same' })];
      const { change } = changeOf(incidentId, null, facts, {
        dedupKeys: { take: [key], retake: [], release: [] },
      });
      expect(await commit(database, organization, [change])).toMatchObject([{ kind: 'committed' }]);
      return { incidentId, signalId };
    };
    const [one, other] = [await alerted('one'), await alerted('other')];
    const foundOf = async (of: string | null) => {
      const { openSignals } = await store.load(
        loading(organization, {
          incidentIds: [other.incidentId],
          dedupKeys: ['one', 'other', 'nobody'],
          fingerprints: [{ of, fingerprint: 'same' }],
        }),
      );
      return openSignals.map(({ incidentId, signalId }) => ({ incidentId, signalId }));
    };
    expect(await foundOf('one')).toEqual([one]);
    expect(await foundOf('other')).toEqual([other]);
    expect(await foundOf(other.incidentId)).toEqual([other]);
    expect(await foundOf(other.incidentId.toUpperCase())).toEqual([other]);
    expect(await foundOf('nobody')).toEqual([]);
    expect(await foundOf(v7())).toEqual([]);
    expect(await foundOf(null)).toEqual(expect.arrayContaining([one, other]));
  });

  it('never answers a state of a newer shape, and can fold any state anew from its events', async () => {
    const { id, after } = await declared(database, organization);
    const { change } = changeOf(id, after, [noted('a')]);
    const aged = (shape: number) => ({
      ...change,
      incident: change.incident && { ...change.incident, shape },
    });
    const newer = { ...aged(99), incident: { ...aged(99).incident, state: '{"from":"the future"}' } };
    await commit(database, organization, [newer as typeof change]);
    expect(await store.load(loading(organization, { incidentIds: [id] }))).toMatchObject({
      incidents: [],
      outdatedIncidentIds: [id],
    });
    const other = await declared(database, organization);
    const folded = await refold(database, organization, [other.id, id, v7()]);
    expect(folded.get(other.id)).toEqual(other.after.state);
    expect(folded.get(id)?.version).toBe(2);
    expect(folded.size).toBe(2);
  });
});
