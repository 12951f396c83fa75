import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../../src/store/port.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';
import { type Before, changeOf, commit, created, declared, founded, loading, noted } from './founded.ts';

describe('commit compares and writes', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.drop());

  const rows = (organization: string, sql: string) =>
    database.asOrganization(organization, sql, [organization]);

  it('gives a dedup key to one incident at a time', async () => {
    const organization = await founded(database, 'keys');
    const keys = (move: 'take' | 'retake' | 'release', ...list: string[]): Partial<Change> => ({
      dedupKeys: { take: [], retake: [], release: [], [move]: list },
    });
    const holder = v7();
    const first = changeOf(holder, null, [created({ dedupKeys: ['k'] })], keys('take', 'k'));
    const late = changeOf(v7(), null, [created({ dedupKeys: ['k'] })], keys('take', 'k'));
    expect(await commit(database, organization, [first.change, late.change])).toMatchObject([
      { kind: 'committed' },
      { kind: 'keyTaken', incidentId: holder },
    ]);
    expect(await commit(database, organization, [late.change])).toEqual([
      { kind: 'keyTaken', incidentId: holder },
    ]);
    const released = changeOf(holder, first.after, [noted('over')], keys('release', 'k'));
    expect(await commit(database, organization, [released.change, late.change])).toMatchObject([
      { kind: 'committed' },
      { kind: 'committed' },
    ]);
    const retaken = changeOf(holder, released.after, [noted('again')], keys('retake', 'k', 'l'));
    expect(await commit(database, organization, [retaken.change])).toMatchObject([{ kind: 'committed' }]);
    const { dedupKeys } = await createPostgresStore(database).load(
      loading(organization, { dedupKeys: ['k', 'l', 'm'] }),
    );
    expect(dedupKeys).toEqual(
      expect.arrayContaining([
        { key: 'k', incidentId: late.change.incidentId, held: true },
        { key: 'l', incidentId: holder, held: true },
      ]),
    );
    expect(dedupKeys).toHaveLength(2);
  });

  it('remembers who held a key last, until somebody takes it', async () => {
    const organization = await founded(database, 'last-holders');
    const keys = (move: 'take' | 'retake' | 'release'): Partial<Change> => ({
      dedupKeys: { take: [], retake: [], release: [], [move]: ['k'] },
    });
    const [older, newer] = [v7(), v7()];
    const first = changeOf(older, null, [created({ dedupKeys: ['k'] })], keys('take'));
    const over = changeOf(older, first.after, [noted('over')], keys('release'));
    const again = changeOf(newer, null, [created({ dedupKeys: ['k'] })], keys('take'));
    const overAgain = changeOf(newer, again.after, [noted('over')], keys('release'));
    const reopened = changeOf(older, over.after, [noted('reopened')], keys('retake'));
    const expected = [
      // The second time within one batch: what it is at the end is what is written.
      { changes: [first.change, over.change], whose: older, held: false },
      { changes: [again.change, overAgain.change], whose: newer, held: false },
      { changes: [reopened.change], whose: older, held: true },
    ];
    for (const { changes, whose, held } of expected) {
      for (const outcome of await commit(database, organization, changes)) {
        expect(outcome).toMatchObject({ kind: 'committed' });
      }
      const loaded = await createPostgresStore(database).load(
        loading(organization, { dedupKeys: ['k'], allOpenSignalsOfDedupKeys: ['k'] }),
      );
      expect(loaded.dedupKeys).toEqual([{ key: 'k', incidentId: whose, held }]);
      expect(loaded.incidents.map(({ state }) => state.id)).toEqual([whose]);
    }
  });

  it('refuses a name somebody else made meanwhile', async () => {
    const organization = await founded(database, 'names');
    const withName = (kind: 'SERVICE' | 'TEAM' | 'PROJECT', name: string) =>
      changeOf(v7(), null, [created({ names: [{ kind, id: v7(), name }] })]).change;
    for (const kind of ['SERVICE', 'TEAM', 'PROJECT'] as const) {
      expect(await commit(database, organization, [withName(kind, 'Checkout')])).toMatchObject([
        { kind: 'committed' },
      ]);
      expect(await commit(database, organization, [withName(kind, ' checkOUT')])).toEqual([
        { kind: 'conflict' },
      ]);
    }
  });

  it('raises the policy version, plans anew, and turns away what was decided under the older one', async () => {
    const organization = await founded(database, 'policy');
    const { id, after } = await declared(database, organization);
    const policyChange: Change = {
      ...changeOf(id, after, []).change,
      incidentId: null,
      baseVersion: 1,
      events: [
        {
          ledger: 'ADMINISTRATION',
          type: 'ORGANIZATION_POLICY_CHANGED',
          incidentId: null,
          version: null,
          at: '2026-11-20T20:00:00.000Z',
          isPublic: false,
          severity: null,
          body: '{}',
        },
      ],
      incident: null,
      deadlines: null,
      rows: { policy: [{ version: 2, at: '2026-11-20T20:00:00.000Z', policy: '{"version":2}' }] },
    };
    const note = changeOf(id, after, [noted('a')]);
    expect(await commit(database, organization, [policyChange, note.change])).toMatchObject([
      { kind: 'committed', number: 0, entries: [{ sequence: 3 }] },
      { kind: 'policyMoved' },
    ]);
    expect(await commit(database, organization, [policyChange])).toEqual([{ kind: 'policyMoved' }]);
    expect(await commit(database, organization, [policyChange], 2)).toEqual([{ kind: 'conflict' }]);
    expect(await commit(database, organization, [note.change], 2)).toMatchObject([{ kind: 'committed' }]);
    expect(
      await rows(
        organization,
        `SELECT kind, due_at FROM warroom.deadline WHERE organization_id = $1 AND kind = 'REPLAN'`,
      ),
    ).toEqual([{ kind: 'REPLAN', due_at: '2026-11-20T20:00:00.000Z' }]);
    expect(
      await rows(
        organization,
        'SELECT version, sequence FROM warroom.policy WHERE organization_id = $1 ORDER BY 1',
      ),
    ).toEqual([
      { version: 1, sequence: null },
      { version: 2, sequence: '3' },
    ]);
    expect(await createPostgresStore(database).plannedUnderOlderPolicy(organization, null)).toEqual([id]);
    const planned = {
      ...changeOf(id, note.after, []).change,
      incidentId: null,
      baseVersion: null,
      incident: null,
    };
    await commit(database, organization, [{ ...planned, deadlines: [] }], 2);
    expect(
      await rows(
        organization,
        `SELECT kind FROM warroom.deadline WHERE organization_id = $1 AND kind = 'REPLAN'`,
      ),
    ).toEqual([]);
  });

  it('replaces the deadline set, and what a claim left on it', async () => {
    const organization = await founded(database, 'deadlines');
    const { id, after } = await declared(database, organization);
    const kinds = () =>
      rows(
        organization,
        `SELECT kind || key AS kind, due_at, attempts FROM warroom.deadline WHERE organization_id = $1 ORDER BY 1`,
      );
    const due = '2026-11-20T21:00:00.000Z';
    const { change } = changeOf(id, after, [noted('a')], {
      deadlines: [
        { kind: 'RESOLVE_SLA', key: '', dueAt: due },
        { kind: 'ESCALATION', key: 'a rule', dueAt: due },
      ],
    });
    await commit(database, organization, [change]);
    const planned = [
      { kind: 'ESCALATIONa rule', due_at: due, attempts: 0 },
      { kind: 'RESOLVE_SLA', due_at: due, attempts: 0 },
    ];
    expect(await kinds()).toEqual(planned);
    const claim = () =>
      createPostgresStore(database).claim({ now: due, limit: 200, leaseMilliseconds: 2_000 });
    while ((await claim()).due.length > 0);
    expect((await kinds()).map(({ attempts }) => attempts)).toEqual([1, 1]);
    const again = { ...change, baseVersion: 2, events: [], incident: null };
    await commit(database, organization, [again]);
    expect(await kinds()).toEqual(planned);
    await commit(database, organization, [{ ...again, deadlines: null }]);
    expect(await kinds()).toEqual(planned);
    await commit(database, organization, [{ ...again, deadlines: [] }]);
    expect(await kinds()).toEqual([]);
  });

  it('lets the last change of a batch to the same row win', async () => {
    const organization = await founded(database, 'rows');
    const { id, after } = await declared(database, organization, { tags: ['kept', 'gone'] });
    const steps: ['INCIDENT_TAG_ADDED' | 'INCIDENT_TAG_REMOVED', string][] = [
      ['INCIDENT_TAG_ADDED', 'new'],
      ['INCIDENT_TAG_REMOVED', 'gone'],
      ['INCIDENT_TAG_REMOVED', 'new'],
      ['INCIDENT_TAG_REMOVED', 'kept'],
      ['INCIDENT_TAG_ADDED', 'kept'],
    ];
    let before: Before = after;
    const changes = steps.map(([type, tag]) => {
      const made = changeOf(id, before, [{ type, payload: { tag } }]);
      before = made.after;
      return made.change;
    });
    await commit(database, organization, changes);
    expect(
      await rows(organization, 'SELECT tag FROM warroom.incident_tag WHERE organization_id = $1'),
    ).toEqual([{ tag: 'kept' }]);
  });

  it('writes nothing of a batch that fails', async () => {
    const organization = await founded(database, 'poisoned');
    const good = changeOf(v7(), null, [created()]);
    const bad = changeOf(v7(), null, [created()], {
      rows: { incident_action: [{ id: v7(), incident_id: v7(), kind: 'NONSENSE' }] },
    });
    await expect(commit(database, organization, [good.change, bad.change])).rejects.toThrow();
    expect(await commit(database, organization, [good.change])).toMatchObject([
      { kind: 'committed', number: 1 },
    ]);
  });
});
