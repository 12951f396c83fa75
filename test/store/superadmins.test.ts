import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { foundPlatform } from '../../src/app/foundPlatform.ts';
import { platform } from '../../src/domain/administration/platform.ts';
import { compareSuperadmins } from '../../src/store/compareSuperadmins.ts';
import { insertPerson } from '../../src/store/identity/personRows.ts';
import { openDatabase } from '../../src/store/openDatabase.ts';
import { createSuperadmins, type Superadmins } from '../../src/store/superadmins.ts';
import { asSuperuser } from '../support/superuser.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';

// Granting and taking back: each change an entry of the platform's own ledger, in the one commit.

let database: TestDatabase;
let superadmins: Superadmins;
const now = () => new Date().toISOString();

beforeAll(async () => {
  database = await openTestDatabase();
  superadmins = createSuperadmins(database, now);
});
afterAll(() => database?.drop());

async function person(email: string, emailVerified: boolean): Promise<string> {
  const id = v7();
  await insertPerson(database, { id, name: 'Somebody', email, emailVerified, at: now() }, null);
  return id;
}

async function changesOf(userId: string): Promise<unknown[]> {
  const rows = await database.asOrganization<{ body: string }>(
    platform.organizationId,
    'SELECT body FROM warroom.ledger_event WHERE ledger = 1 ORDER BY sequence',
  );
  return rows
    .map(
      ({ body }) =>
        JSON.parse(body) as { type: string; actor: { kind: string }; payload: { userId?: string } },
    )
    .filter(({ payload }) => payload.userId === userId)
    .map(({ type, actor }) => `${actor.kind} ${type}`);
}

test('before there is a platform, says what to do', async () => {
  await expect(superadmins.grant('nobody@example.com')).rejects.toThrow('start this version once');
  await foundPlatform(database, { now });
  expect(await superadmins.grant('nobody@example.com')).toBe('NOBODY');
});

test('is in the ledger, once for each change', async () => {
  const email = 'sol@example.com';
  const id = await person(email, true);
  expect([await superadmins.grant('Sol@Example.com'), await superadmins.grant(email)]).toEqual([
    'DONE',
    'ALREADY_SO',
  ]);
  expect((await superadmins.list()).map((one) => one.email)).toEqual([email]);
  expect([await superadmins.revoke(email), await superadmins.revoke(email)]).toEqual(['DONE', 'ALREADY_SO']);
  expect(await superadmins.list()).toEqual([]);
  expect(await superadmins.grant(email)).toBe('DONE');
  expect(await changesOf(id)).toEqual([
    'SYSTEM SUPERADMIN_GRANTED',
    'SYSTEM SUPERADMIN_REVOKED',
    'SYSTEM SUPERADMIN_GRANTED',
  ]);
});

test('an address that nobody has shown to be theirs makes nobody one', async () => {
  const id = await person('squatted@example.com', false);
  expect(await superadmins.grant('squatted@example.com')).toBe('UNPROVEN');
  expect(await superadmins.revoke('squatted@example.com')).toBe('ALREADY_SO');
  expect(await changesOf(id)).toEqual([]);
});

test('of several who grant the same at once, one does, and so says the ledger', async () => {
  const id = await person('raced@example.com', true);
  const outcomes = await Promise.all([1, 2, 3].map(() => superadmins.grant('raced@example.com')));
  expect(outcomes.sort()).toEqual(['ALREADY_SO', 'ALREADY_SO', 'DONE']);
  expect(await changesOf(id)).toEqual(['SYSTEM SUPERADMIN_GRANTED']);
});

test('whatever else than the ledger makes, takes back or changes a grant is found', async () => {
  const [made, restored, deleted, moved] = await Promise.all(
    ['made', 'restored', 'deleted', 'moved'].map((name) => person(`${name}@example.com`, true)),
  );
  for (const name of ['restored', 'deleted', 'moved']) await superadmins.grant(`${name}@example.com`);
  await superadmins.revoke('restored@example.com');
  expect(await compareSuperadmins(database)).toEqual([]);

  await database.close();
  await asSuperuser(database.settings, async (login) => {
    const at = '2026-11-27T04:00:00.000Z';
    await login.query('INSERT INTO warroom.superadmin (user_id, granted_at) VALUES ($1, $2)', [made, at]);
    await login.query('UPDATE warroom.superadmin SET revoked_at = NULL WHERE user_id = $1', [restored]);
    await login.query('DELETE FROM warroom.superadmin WHERE user_id = $1', [deleted]);
    await login.query('UPDATE warroom.superadmin SET granted_at = $2 WHERE user_id = $1', [moved, at]);
  });
  const reopened = await openDatabase({ ...database.settings, migrate: false });
  try {
    const found = await compareSuperadmins(reopened);
    const of = (userId: string | undefined) =>
      found.filter(({ key }) => key.startsWith(`${userId} `)).map(({ problem }) => problem);
    expect(of(made)).toEqual(['no event makes this row']);
    expect(of(restored)).toEqual([expect.stringMatching(/^revoked_at is null; the ledger makes it "2/)]);
    expect(of(deleted)).toEqual(['the ledger makes this row, and it is missing']);
    expect(of(moved)).toEqual(['the ledger makes this row, and it is missing', 'no event makes this row']);
    expect(found).toHaveLength(5);
  } finally {
    await reopened.close();
  }
});
