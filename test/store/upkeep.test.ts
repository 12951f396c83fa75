import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../../src/log.ts';
import { startUpkeep } from '../../src/main/startUpkeep.ts';
import { nextStep, type TableWear, tend, type UpkeepStep, youngRows } from '../../src/store/upkeep.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';
import { changeOf, commit, declared, founded, noted } from './founded.ts';

const wear = (table: string, more: Partial<TableWear>): TableWear => ({
  table,
  live: 0,
  dead: 0,
  inserted: 0,
  changed: 0,
  ...more,
});

describe('what is due', () => {
  it.each<[string, Partial<TableWear>, { vacuum: boolean; analyze: boolean } | null]>([
    ['nothing', { live: 1_000 }, null],
    ['dead rows, a few', { live: 1_000, dead: 249 }, null],
    ['dead rows, a fifth', { live: 1_000, dead: 250 }, { vacuum: true, analyze: false }],
    ['new rows, a few', { live: 1_000, inserted: 1_199, changed: 149 }, null],
    ['new rows, many', { live: 1_000, inserted: 1_200, changed: 1_200 }, { vacuum: true, analyze: true }],
    ['changed rows, a tenth', { live: 1_000, changed: 150 }, { vacuum: false, analyze: true }],
    ['a huge table that grows', { live: 9e6, inserted: 19_999 }, null],
    ['a huge table that has grown', { live: 9e6, inserted: 20_000 }, { vacuum: true, analyze: false }],
  ])('%s', (_what, of, expected) => {
    const step = nextStep([wear('t', of)]);
    expect(step).toEqual(expected === null ? null : { table: 't', ...expected });
  });

  it('is one table, the most worn', () => {
    const tables = [
      wear('a', { live: 100, dead: 80 }),
      wear('b', { live: 100, dead: 300 }),
      wear('c', { live: 100, changed: 61 }),
    ];
    expect(nextStep(tables)).toEqual({ table: 'b', vacuum: true, analyze: false });
    expect(nextStep([])).toBeNull();
  });
});

describe('the embedded database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase({ mode: 'embedded' });
  });
  afterAll(() => database?.drop());

  const statistics = (table: string) =>
    database.asPlatform<{ vacuums: string; analyses: string }>(
      `SELECT vacuum_count AS vacuums, analyze_count AS analyses FROM pg_stat_user_tables
       WHERE schemaname = 'warroom' AND relname = $1`,
      [table],
    );

  /** The database counts what a connection did once a second at most, with the next thing that it does. */
  async function counted(organization: string): Promise<void> {
    await new Promise((wake) => setTimeout(wake, 1_100));
    await declared(database, organization);
  }

  it('is vacuumed and analyzed a table at a time, until nothing is due', async () => {
    const organization = await founded(database, 'worn');
    const { id, after: first } = await declared(database, organization);
    let after = first;
    for (let round = 0; round < 12; round += 1) {
      const changes = [];
      for (let n = 0; n < 64; n += 1) {
        const next = changeOf(id, after, [noted('n')]);
        changes.push(next.change);
        after = next.after;
      }
      for (const outcome of await commit(database, organization, changes)) {
        expect(outcome.kind).toBe('committed');
      }
    }
    await counted(organization);
    const done = [];
    for (let step = await tend(database); step !== null; step = await tend(database)) done.push(step);
    expect(done.find(({ table }) => table === 'ledger_event')).toMatchObject({ analyze: true });
    expect(new Set(done.map(({ table }) => table)).size).toBe(done.length);
    expect(await statistics('ledger_event')).toMatchObject([{ analyses: '1' }]);
    expect(await tend(database)).toBeNull();
    // The connection is nobody's but its next user's again.
    const [who] = await database.asOrganization(organization, 'SELECT current_user::text AS who');
    expect(who).toEqual({ who: 'warroom_app' });
  });

  it('is tended while it serves', async () => {
    const organization = await founded(database, 'serving');
    for (let n = 0; n < 60; n += 1) await declared(database, organization);
    await counted(organization);
    const analyses = async () => Number((await statistics('incident_list'))[0]?.analyses);
    const before = await analyses();
    const clock = { now: () => new Date().toISOString() };
    const upkeep = startUpkeep({ database, clock, log: createLog('silent') });
    await expect.poll(analyses, { timeout: 20_000 }).toBeGreaterThan(before);
    await upkeep.stop();
  });
});

describe.runIf(process.env.WARROOM_TEST_DATABASE_URL)('a server', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase({ mode: 'server' });
  });
  afterAll(() => database?.drop());

  it('has its young tables analyzed, and nothing vacuumed', async () => {
    const organization = await founded(database, 'young');
    for (let n = 0; n < 60; n += 1) await declared(database, organization);
    const done: UpkeepStep[] = [];
    const tending = async () => {
      const step = await tend(database);
      if (step !== null) done.push(step);
      return done.map(({ table }) => table);
    };
    // What a connection did is counted after a moment.
    await expect.poll(tending, { timeout: 20_000, interval: 100 }).toContain('incident_list');
    expect(done.filter(({ vacuum, analyze }) => vacuum || !analyze)).toEqual([]);
    const [{ analyses } = {}] = await database.asPlatform<{ analyses: string }>(
      `SELECT analyze_count AS analyses FROM pg_stat_user_tables
       WHERE schemaname = 'warroom' AND relname = 'incident_list'`,
    );
    expect(Number(analyses)).toBeGreaterThan(0);
  });

  it('is left to itself with those that have grown', async () => {
    const has = (live: number) => ({
      mode: 'server' as const,
      asPlatform: async <R>() => [{ table: 't', live, dead: live, inserted: live, changed: live }] as R[],
      tend: async () => undefined,
    });
    expect(await tend(has(youngRows))).toEqual({ table: 't', vacuum: false, analyze: true });
    expect(await tend(has(youngRows + 1))).toBeNull();
  });
});
