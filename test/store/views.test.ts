import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openAsSuperuser, type Superuser } from '../support/superuser.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';
import { changeOf, commit, declared, founded } from './founded.ts';

// The views as somebody at a SQL prompt asks them: with a session of their own, as warroom_app.

let database: TestDatabase;
let prompt: Superuser;
let login: pg.Client;

beforeAll(async () => {
  database = await openTestDatabase();
  const organization = await founded(database, 'views');
  for (const title of ['waiting', 'acknowledged', 'cancelled']) {
    const { id, after } = await declared(database, organization, { title });
    const fact = {
      waiting: null,
      acknowledged: { type: 'INCIDENT_ACKNOWLEDGED', payload: { note: null, severity: 'SEV2' } },
      cancelled: { type: 'INCIDENT_CANCELLED', payload: { reason: 'A drill.' } },
    }[title];
    if (fact) await commit(database, organization, [changeOf(id, after, [fact as never]).change]);
  }
  await declared(database, await founded(database, 'others'), { title: 'of others' });
  await database.close();
  prompt = await openAsSuperuser(database.settings);
  login = prompt.login;
  await login.query('set role warroom_app');
  await login.query(`select set_config('warroom.organization', $1, false)`, [organization]);
});
afterAll(async () => {
  await prompt?.close();
  await database?.drop();
});

const titles = async (view: string): Promise<string[]> =>
  (await login.query(`select title from warroom.${view} order by title`)).rows.map(({ title }) => title);

test('every incident of the organization is in current_incident_status, the open ones in open_incidents', async () => {
  expect(await titles('current_incident_status')).toEqual(['acknowledged', 'cancelled', 'waiting']);
  expect(await titles('open_incidents')).toEqual(['acknowledged', 'waiting']);
  const { rows } = await login.query(
    `select title, reference, number, status, severity, is_open, acknowledged, version::int, sequence::int
     from warroom.current_incident_status where title <> 'acknowledged' order by title`,
  );
  expect(rows).toMatchObject([
    {
      title: 'cancelled',
      reference: 'INC-003',
      status: 'CANCELLED',
      is_open: false,
      version: 2,
      sequence: 5,
    },
    { title: 'waiting', reference: 'INC-001', status: 'REPORTED', is_open: true, version: 1, sequence: 1 },
  ]);
});

test('overdue_incidents has what nobody acknowledged, from its very instant on', async () => {
  const { rows } = await login.query(
    `select to_char(overdue_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
     from warroom.current_incident_status where title = 'waiting'`,
  );
  const instant = Date.parse(rows[0].at);
  const overdueAt = async (milliseconds: number) => {
    await login.query(`select set_config('warroom.now', $1, false)`, [
      new Date(instant + milliseconds).toISOString(),
    ]);
    return titles('overdue_incidents');
  };
  expect(await overdueAt(-1)).toEqual([]);
  expect(await overdueAt(0)).toEqual(['waiting']);
  expect(await overdueAt(1)).toEqual(['waiting']);
  // Years later what was acknowledged, or is over, still is not overdue.
  expect(await overdueAt(10 * 365 * 86_400_000)).toEqual(['waiting']);
});

test('overdue_incidents goes by the clock of the database when the session says no time', async () => {
  const { rows } = await login.query(
    `select overdue_at <= clock_timestamp() as passed from warroom.open_incidents where not acknowledged`,
  );
  const expected = rows[0].passed ? ['waiting'] : [];
  await login.query(`select set_config('warroom.now', '', false)`);
  expect(await titles('overdue_incidents')).toEqual(expected);
  await login.query('reset warroom.now');
  expect(await titles('overdue_incidents')).toEqual(expected);
});
