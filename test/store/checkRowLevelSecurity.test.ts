import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/store/openDatabase.ts';
import { asSuperuser } from '../support/superuser.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';

// A start on a database somebody has taken the walls out of: each refuses, and names what is bare.

let database: TestDatabase;
afterEach(() => database?.drop());

/** What a start says after a superuser has done this to the database; null when it starts. */
async function saidAfter(sql: string): Promise<string | null> {
  // The embedded database has one process at a time; on a server closing hides nothing.
  await database.close();
  await asSuperuser(database.settings, (login) => login.query(sql));
  try {
    await (await openDatabase(database.settings)).close();
    return null;
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

const refusal = (bare: string) =>
  `CannotStartError: Row-level security does not bind warroom_app (${bare}). ` +
  'Take SUPERUSER, BYPASSRLS and ownership of tables away from it, and ENABLE ROW LEVEL SECURITY on each table named.';

describe('a table of tenants', () => {
  beforeEach(async () => {
    database = await openTestDatabase();
  });

  test('as it was migrated lets Warroom start', async () => {
    expect(await saidAfter('select')).toBeNull();
  });

  test('that is not under row-level security any more stops the start, whether or not it names organizations', async () => {
    const bare = ['access_log', 'incident', 'organization', 'superadmin', 'users'];
    const disabling = bare.map((table) => `alter table warroom.${table} disable row level security;`);
    expect(await saidAfter(disabling.join(' '))).toBe(refusal(bare.join(', ')));
  });

  test('that warroom_app owns stops the start', async () => {
    expect(await saidAfter('alter table warroom.signal owner to warroom_app')).toBe(refusal('signal'));
  });
});

/** Roles belong to all databases of a server: only the embedded one is a test's own. */
describe('the role that serves organizations', () => {
  beforeEach(async () => {
    database = await openTestDatabase({ mode: 'embedded' });
  });

  test.each(['bypassrls', 'superuser'])('stops the start when it is %s', async (attribute) => {
    const said = await saidAfter(`alter role warroom_app ${attribute}`);
    expect(said).toContain('CannotStartError: Row-level security does not bind warroom_app (access_log, ');
    expect(said).toContain(' organization, ');
    expect(said).toContain(' users, verifications)');
  });
});
