import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAsSuperuser, type Superuser } from '../support/superuser.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';
import { declared, founded } from './founded.ts';

const changes = [
  `UPDATE warroom.ledger_event SET body = '{}'`,
  `UPDATE warroom.ledger_event SET is_public = NOT is_public WHERE sequence = 1`,
  'DELETE FROM warroom.ledger_event WHERE ledger = 1',
  'TRUNCATE warroom.ledger_event',
  'TRUNCATE warroom.ledger_event, warroom.incident CASCADE',
];

describe('the ledger is append-only', () => {
  let database: TestDatabase;
  let login: pg.Client;
  let superuser: Superuser;
  let organization: string;
  beforeAll(async () => {
    database = await openTestDatabase();
    organization = await founded(database, 'append-only');
    await declared(database, organization);
    // One process at a time: the superuser takes the place of the program.
    if (database.mode === 'embedded') await database.close();
    superuser = await openAsSuperuser(database.settings);
    login = superuser.login;
  });
  afterAll(async () => {
    await superuser?.close();
    await database?.drop();
  });

  for (const change of changes) {
    for (const mode of ['origin', 'replica', 'local']) {
      it(`refuses a superuser, replicating as ${mode}: ${change}`, async () => {
        await login.query(`SET session_replication_role = ${mode}`);
        await expect(login.query(change)).rejects.toThrow(
          /The ledger is append-only: \w+ of warroom.ledger_event/,
        );
      });
    }
    it(`refuses the owner: ${change}`, async () => {
      await login.query('SET ROLE warroom_owner');
      await expect(login.query(change)).rejects.toThrow('The ledger is append-only');
      await login.query('RESET ROLE');
    });
    for (const role of ['warroom_app', 'warroom_platform', 'warroom_identity']) {
      it(`is not even asked of ${role}: ${change}`, async () => {
        await login.query(`SET ROLE ${role}`);
        await login.query(`SELECT set_config('warroom.organization', $1, false)`, [organization]);
        await expect(login.query(change)).rejects.toThrow('permission denied');
        await login.query('RESET ROLE');
      });
    }
  }

  it('refuses a superuser to touch reported errors', async () => {
    await login.query('SET session_replication_role = replica');
    await expect(login.query('TRUNCATE warroom.reported_error')).rejects.toThrow(
      'Reported errors stay as they are',
    );
    await login.query('SET session_replication_role = origin');
  });
});
