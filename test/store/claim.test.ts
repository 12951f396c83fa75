import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stateShape } from '../../src/domain/incident/state.ts';
import { plusMilliseconds } from '../../src/domain/instant.ts';
import type { WriteStore } from '../../src/store/port.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';
import { changeOf, commit, declared, founded, noted } from './founded.ts';

describe('claim', () => {
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
    organization = await founded(database, `claim-${organizations}`);
  });

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
      (await claim(seconds)).due.filter((due) => due.organizationId === organization).map(({ kind }) => kind);
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

  it('leaves what a newer program has written to it, and takes the rest', async () => {
    while ((await claim(-800_000)).due.length > 0);
    const due = [{ kind: 'RESOLVE_SLA', key: 'of both', dueAt: at(-799_990) }] as const;
    const commitShape = async (shape: number) => {
      const { id, after } = await declared(database, organization);
      const { change } = changeOf(id, after, [noted('a')], { deadlines: due });
      const { incident } = change;
      if (incident === undefined || incident === null) throw new Error('no incident');
      await commit(database, organization, [{ ...change, incident: { ...incident, shape } }]);
      return id;
    };
    await commitShape(stateShape + 1);
    const ours = await commitShape(stateShape);
    const claimed = (await claim(-799_980)).due.filter(({ key }) => key === 'of both');
    expect(claimed.map(({ incidentId }) => incidentId)).toEqual([ours]);
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

  it('leaves organizations out, and finds what others have behind them', async () => {
    while ((await claim(2_000_000)).due.length > 0);
    const other = await founded(database, `claim-other-${organizations}`);
    for (const [index, org] of [organization, organization, other].entries()) {
      const { id, after } = await declared(database, org);
      const deadlines = [{ kind: 'ESCALATION', key: 'r', dueAt: at(2_000_000 + index / 10) }] as const;
      await commit(database, org, [changeOf(id, after, [noted('a')], { deadlines }).change]);
    }
    const owners = async (leftOut: readonly string[], limit: number) => {
      const { due } = await store.claim({ now: at(2_000_001), limit, leftOut, leaseMilliseconds: 2_000 });
      return due.map(({ organizationId }) => organizationId);
    };
    expect(await owners([organization, other], 1)).toEqual([]);
    expect(await owners([organization], 1)).toEqual([other]);
    expect(await owners([], 3)).toEqual([organization, organization]);
  });
});
