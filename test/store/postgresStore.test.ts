import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { IncidentFact } from '../../src/domain/incident/events.ts';
import { plusMilliseconds } from '../../src/domain/instant.ts';
import { defaultPolicy } from '../../src/domain/policy/defaults.ts';
import { foundOrganization } from '../../src/store/foundOrganization.ts';
import type { WriteStore } from '../../src/store/port.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { statesAt } from '../../src/store/read/statesAt.ts';
import { refold } from '../../src/store/refold.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';
import {
  type Before,
  changeOf,
  commit,
  created,
  declared,
  founded,
  loading,
  noted,
  start,
} from './founded.ts';

describe('the store over PostgreSQL', () => {
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
    organization = await founded(database, `store-${organizations}`);
  });

  const signal = (more: Record<string, unknown>): IncidentFact =>
    ({
      type: 'INCIDENT_SIGNAL_INGESTED',
      payload: {
        signalId: v7(),
        signalType: 'ALERT',
        source: 'alertmanager',
        serviceId: null,
        environment: null,
        projectId: null,
        summary: 'High error rate',
        severity: 'critical',
        fingerprint: null,
        correlationKey: null,
        traceId: null,
        dataDigest: null,
        observedAt: start,
        firing: true,
        keyJoined: false,
        ...more,
      },
    }) as IncidentFact;

  describe('load', () => {
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
        timeline: [],
        apiKeys: [],
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
          signal({ signalId: firing, fingerprint: 'f1' }),
          signal({ signalId: cleared, fingerprint: 'f2' }),
          signal({ signalId: other, fingerprint: 'f3' }),
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
        asOrganization: (...parameters) => {
          statements += 1;
          return database.asOrganization(...parameters);
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
          fingerprints: ['f1', 'f2'],
          sequences: [1, 2, 99],
          apiKeyIds: [v7()],
        }),
      );
      expect(statements).toBe(1);
      expect(loaded).toMatchObject({
        headSequence: 6,
        incidents: [{ state: after.state, number: 1, sequence: 6, policyVersion: 1 }],
        dedupKeys: [{ key: 'k', incidentId }],
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
        openSignals: [{ incidentId, signalId: firing, fingerprint: 'f1' }],
        apiKeys: [],
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

  describe('claim', () => {
    const at = (seconds: number) => plusMilliseconds('2030-01-01T00:00:00.000Z', seconds * 1_000);
    const claim = (seconds: number, limit = 200) =>
      store.claim({ now: at(seconds), limit, leaseMilliseconds: 2_000 });

    it('leases what is due to one claimant, longest due first, and twice as long each time', async () => {
      // What other tests left is far in the past by now.
      while ((await claim(-1_000_000)).due.length > 0);
      const { id, after } = await declared(database, organization);
      const { change } = changeOf(id, after, [noted('a')], {
        deadlines: [
          { kind: 'RESOLVE_SLA', key: '', dueAt: at(20) },
          { kind: 'ESCALATION', key: 'r', dueAt: at(10) },
          { kind: 'AUTO_RESOLVE', key: '', dueAt: at(10_000) },
        ],
      });
      await commit(database, organization, [change]);
      const mine = async (seconds: number) =>
        (await claim(seconds)).due
          .filter((due) => due.organizationId === organization)
          .map(({ kind }) => kind);
      expect(await mine(9.999)).toEqual([]);
      const claims = await Promise.all([mine(20), mine(20), mine(20), mine(20)]);
      expect(claims.flat()).toEqual(['ESCALATION', 'RESOLVE_SLA']);
      expect(await mine(21.999)).toEqual([]);
      expect(await mine(22)).toEqual(['ESCALATION', 'RESOLVE_SLA']);
      expect(await mine(25.999)).toEqual([]);
      expect(await mine(26)).toHaveLength(2);
      let now = 26;
      for (const wait of [8, 16, 32, 60, 60]) {
        expect(await mine(now + wait - 0.001)).toEqual([]);
        now += wait;
        expect(await mine(now)).toHaveLength(2);
      }
    });

    it('says what is due, of whom, and when the next will be', async () => {
      while ((await claim(-900_000)).due.length > 0);
      const { id, after } = await declared(database, organization);
      await commit(database, organization, [
        changeOf(id, after, [noted('a')], {
          deadlines: [
            { kind: 'ACKNOWLEDGE_SLA', key: '', dueAt: at(-899_000) },
            { kind: 'RESOLVE_SLA', key: '', dueAt: at(-898_999.5) },
          ],
        }).change,
      ]);
      expect(await claim(-899_000, 1)).toEqual({
        due: [
          {
            organizationId: organization,
            incidentId: id,
            kind: 'ACKNOWLEDGE_SLA',
            key: '',
            dueAt: at(-899_000),
          },
        ],
        nextDueAt: at(-898_999.5),
      });
    });
  });

  it('answers the state right after any version, from snapshots and at most 31 events', async () => {
    const { id, after } = await declared(database, organization);
    const history: Before[] = [after];
    for (let version = 2; version <= 70; version += 1) {
      const before = history.at(-1) as Before;
      const fact: IncidentFact =
        version % 3 === 0
          ? { type: 'INCIDENT_TAG_ADDED', payload: { tag: `t${version}` } }
          : {
              type: 'INCIDENT_NOTES_EDITED',
              payload: { notesVersion: version, offset: 0, deleted: 0, inserted: 'ä' },
            };
      const { change, after: next } = changeOf(id, before, [fact]);
      await commit(database, organization, [change]);
      history.push(next);
    }
    const [counted] = await database.asOrganization(
      organization,
      'SELECT array_agg(version ORDER BY version) AS versions FROM warroom.incident_snapshot WHERE incident_id = $1',
      [id],
    );
    expect(counted?.versions).toEqual([32, 64]);
    const versions = [70, 1, 31, 32, 33, 64, 65, 32];
    const scope = { database, organizationId: organization };
    const asked = [...versions, 71, 0].map((version) => ({ incidentId: id, version }));
    const records = await statesAt(scope, asked);
    expect(records.map((record) => record?.state ?? null)).toEqual([
      ...versions.map((version) => history[version - 1]?.state),
      null,
      null,
    ]);
    expect(records.map((record) => record?.sequence)).toEqual([...versions, undefined, undefined]);
  });

  it('finds incidents by words of title and description, of this organization only', async () => {
    const other = await founded(database, `elsewhere-${organizations}`);
    await declared(database, other, { title: 'Database is down' });
    const { id, after } = await declared(database, organization, {
      title: 'Database is down',
      description: 'since noon',
    });
    const second = await declared(database, organization, {
      title: "Can't connect",
      description: 'database',
    });
    const search = async (words: string) => {
      const rows = await database.asOrganization<{ id: string }>(
        organization,
        'SELECT warroom.search_incidents($1, $2) AS id',
        [organization, words],
      );
      return rows.map((row) => row.id);
    };
    expect(await search('DATABASE')).toEqual([second.id, id]);
    expect(await search('data noon')).toEqual([id]);
    expect(await search('"is down"')).toEqual([id]);
    expect(await search('database -noon')).toEqual([second.id]);
    for (const nothing of ['nowhere', '', '!', `'`, ':*', '\\', other])
      expect(await search(nothing)).toEqual([]);
    expect(await search("can't")).toEqual([second.id]);
    const renamed = changeOf(id, after, [
      { type: 'INCIDENT_UPDATED', payload: { changes: { title: 'Queue is full' } } },
    ]);
    await commit(database, organization, [renamed.change]);
    expect(await search('queue')).toEqual([id]);
    expect(await search('down')).toEqual([]);
    expect(await search('noon')).toEqual([id]);
  });

  it('counts repeats of signals without an event', async () => {
    const id = v7();
    const signalId = v7();
    const { change } = changeOf(id, null, [created(), signal({ signalId, fingerprint: 'f' })]);
    const repeat = { id: signalId, count: 1, last_seen_at: plusMilliseconds(start, 5_000) };
    await commit(database, organization, [
      { ...change, rows: { ...change.rows, signal_repeat: [repeat, repeat] } },
    ]);
    await database.asOrganization(organization, 'SELECT warroom.touch_signals($1, $2)', [
      organization,
      JSON.stringify([repeat, { ...repeat, last_seen_at: start }]),
    ]);
    const rows = await database.asOrganization(
      organization,
      'SELECT count, last_seen_at FROM warroom.signal',
    );
    expect(rows).toEqual([{ count: 5, last_seen_at: repeat.last_seen_at }]);
  });

  it('sweeps answers to idempotency keys by age', async () => {
    const request = { principal: 'ada', key: v7(), digest: 'ab'.repeat(32) };
    await commit(database, organization, [changeOf(v7(), null, [created()], { request }).change]);
    const sweep = async (before: string) => {
      const [row] = await database.asPlatform('SELECT warroom.sweep_requests($1, 1000) AS swept', [before]);
      return row?.swept;
    };
    expect(await sweep(start)).toBe(0);
    expect(await sweep(plusMilliseconds(start, 1))).toBeGreaterThan(0);
    const { requests } = await store.load(loading(organization, { requests: [request] }));
    expect(requests).toEqual([]);
  });

  it('founds an organization once, however many try', async () => {
    const slug = `raced-${organizations}`;
    const tries = await Promise.all(
      [1, 2, 3, 4].map(async (n) =>
        foundOrganization(database, {
          organizationId: v7(),
          slug,
          name: 'Raced',
          at: start,
          commandId: v7(),
          administrator: { userId: 'ada', name: 'Ada', email: 'ada@example.com' },
          key: {
            apiKeyId: v7(),
            name: 'first',
            prefix: 'wr_12345678',
            hash: `${n}${organizations % 10}`.repeat(32),
          },
        }),
      ),
    );
    expect(tries.filter(Boolean)).toHaveLength(1);
    const keys = await database.asPlatform(
      `SELECT k.name, k.role, k.scopes, k.created_by_kind AS by FROM warroom.api_key k
       JOIN warroom.organization o USING (organization_id) WHERE o.slug = $1`,
      [slug],
    );
    expect(keys).toEqual([
      { name: 'first', role: 'ORG_ADMIN', scopes: ['READ', 'RESPOND', 'ADMIN'], by: 'SYSTEM' },
    ]);
  });
});
