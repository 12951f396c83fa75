import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/store/database.ts';
import { replayedIncidents } from '../../src/store/replayedIncidents.ts';
import { openAsSuperuser, type Superuser } from '../support/superuser.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';
import { founded } from './founded.ts';

// A database that was loaded a moment ago: nothing is known of its tables, and the planner has to guess.

const incidents = 400;
const eventsEach = 50;
const lowest = '00000000-0000-0000-0000-000000000000';

let database: TestDatabase;
let superuser: Superuser;
let organization: string;
let other: string;
beforeAll(async () => {
  database = await openTestDatabase();
  organization = await founded(database, 'loaded');
  other = await founded(database, 'other');
  if (database.mode === 'embedded') await database.close();
  superuser = await openAsSuperuser(database.settings);
  await superuser.login.query('ALTER TABLE warroom.ledger_event SET (autovacuum_enabled = off)');
  const body = JSON.stringify({
    type: 'INCIDENT_CREATED',
    payload: { dedupKeys: [], filling: 'x'.repeat(1_700) },
  });
  await superuser.login.query(
    `INSERT INTO warroom.ledger_event (organization_id, ledger, sequence, number, incident_id, version, type,
       command_id, at, is_public, severity, previous_hash, hash, body)
     SELECT $1::uuid, 0, n + 1, 1, md5((n % $2)::text)::uuid, n / $2 + 1, 'INCIDENT_CREATED', md5(n::text)::uuid,
       now(), false, 'SEV3', sha256('a'), sha256('b'), $4
     FROM generate_series(0, $2::int * $3::int - 1) AS n`,
    [organization, incidents, eventsEach, body],
  );
});
afterAll(async () => {
  await superuser?.close();
  await database?.drop();
});

/** Every statement in a transaction of its own, with how many rows of the ledger were looked at for it. */
class Counted implements Pick<Database, 'asOrganization'> {
  readonly fetched: number[] = [];
  readonly #login: pg.Client;

  constructor(login: pg.Client) {
    this.#login = login;
  }

  async asOrganization<R>(as: string, sql: string, parameters: readonly unknown[] = []): Promise<R[]> {
    const login = this.#login;
    await login.query('BEGIN');
    await login.query(
      `SELECT set_config('role', 'warroom_app', true), set_config('warroom.organization', $1, true)`,
      [as],
    );
    const { rows } = await login.query(sql, [...parameters]);
    const { rows: seen } = await login.query(
      `SELECT idx_tup_fetch::int + seq_tup_read::int AS fetched FROM pg_stat_xact_user_tables
       WHERE schemaname = 'warroom' AND relname = 'ledger_event'`,
    );
    await login.query('ROLLBACK');
    this.fetched.push(seen[0].fetched);
    return rows as R[];
  }
}

it('a replay looks at each event once', async () => {
  const counted = new Counted(superuser.login);
  const replay = replayedIncidents(counted as unknown as Database, organization, lowest);
  // The second event cannot follow the first; what was read until then is what counts.
  await expect(replay.next()).rejects.toThrow('is INCIDENT_CREATED');
  expect(counted.fetched).toHaveLength(1);
  expect(counted.fetched[0]).toBeGreaterThanOrEqual(2_000);
  expect(counted.fetched[0]).toBeLessThanOrEqual(2_001);
});

it('nobody replays another organization', async () => {
  const counted = new Counted(superuser.login);
  const rows = await counted.asOrganization(other, 'SELECT * FROM warroom.replay_page($1, $2, 0, 10)', [
    organization,
    lowest,
  ]);
  expect(rows).toEqual([]);
});
