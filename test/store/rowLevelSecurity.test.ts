import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccessEntry } from '../../src/domain/access/accessEntry.ts';
import { encodeChanges } from '../../src/store/encodeChanges.ts';
import { writeAccess } from '../../src/store/writeAccess.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';
import { changeOf, created, declared, founded, start } from './founded.ts';

/** Sign-in's own: the program's other roles may not even look. */
const identityTables = ['accounts', 'identity_secret', 'session_requests', 'sessions', 'verifications'];
/** Of the installation, or for nobody who serves an organization to read. */
const platformTables = ['action_webhook_secret', 'signing_secret', 'superadmin'];
const accessed: AccessEntry = {
  id: v7(),
  at: start,
  requestId: 'request',
  actor: { kind: 'USER', id: 'ada', role: 'ORG_ADMIN' },
  superadmin: false,
  credentialId: 'session',
  operation: 'QUERY',
  field: 'members',
  subjects: [],
  address: null,
  userAgent: null,
  outcome: 'ALLOWED',
};
const nobody = '00000000-0000-0000-0000-000000000000';

describe('row-level security', () => {
  let database: TestDatabase;
  let mine: string;
  let theirs: string;
  let tables: string[];
  beforeAll(async () => {
    database = await openTestDatabase();
    mine = await founded(database, 'mine');
    theirs = await founded(database, 'theirs');
    for (const organization of [mine, theirs]) {
      await declared(database, organization, { tags: ['t'], correlationKeys: ['c'] });
      await writeAccess(database, organization, [accessed]);
    }
    const rows = await database.asOrganization<{ name: string }>(
      mine,
      `SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'warroom'::regnamespace
         AND c.relkind IN ('r', 'p', 'v') AND c.relname <> '_prisma_migrations' ORDER BY 1`,
    );
    tables = rows
      .map(({ name }) => name)
      .filter((name) => ![...identityTables, ...platformTables].includes(name));
  });
  afterAll(() => database.drop());

  const count = async (organization: string, table: string, where = 'true') => {
    const [row] = await database.asOrganization(
      organization,
      `SELECT count(*)::int AS count FROM warroom.${table} WHERE ${where}`,
    );
    return row?.count;
  };

  it('shows nothing of any table without an organization, or with one that does not exist', async () => {
    expect(tables.length).toBeGreaterThan(25);
    for (const table of tables) {
      expect([table, await count('', table)]).toEqual([table, 0]);
      expect([table, await count(nobody, table)]).toEqual([table, 0]);
    }
  });

  it('shows rows of the organization and of no other, in every table and view', async () => {
    for (const table of tables.filter((name) => name !== 'users')) {
      expect([table, await count(mine, table, `organization_id <> '${mine}'`)]).toEqual([table, 0]);
    }
    for (const table of [
      'incident',
      'incident_tag',
      'ledger_event',
      'deadline',
      'policy',
      'open_incidents',
      'access_log',
      'access_log_2026_11',
    ]) {
      expect(await count(mine, table)).toBeGreaterThan(0);
    }
    expect(await count(mine, 'organization')).toBe(1);
  });

  it("keeps sign-in's tables from everybody but warroom_identity, and warroom_identity from all others", async () => {
    const denied = { code: '42501' };
    for (const table of identityTables) {
      await expect(count(mine, table)).rejects.toMatchObject(denied);
      await expect(database.asPlatform(`SELECT FROM warroom.${table}`)).rejects.toMatchObject(denied);
      expect(await database.asIdentity(`SELECT FROM warroom.${table}`)).toEqual([]);
    }
    for (const table of platformTables) {
      await expect(count(mine, table)).rejects.toMatchObject(denied);
      await expect(database.asIdentity(`SELECT FROM warroom.${table}`)).rejects.toMatchObject(denied);
      expect(await database.asPlatform(`SELECT FROM warroom.${table}`)).toEqual([]);
    }
    for (const table of tables.filter((name) => name !== 'users')) {
      await expect(database.asIdentity(`SELECT FROM warroom.${table}`)).rejects.toMatchObject(denied);
    }
  });

  it('shows people through their membership', async () => {
    expect(await count(mine, 'users')).toBe(1);
    await database.asPlatform('SELECT warroom.create_organization($1, $2, $3, $4, $5, $6, $7)', [
      v7(),
      'strangers',
      'strangers',
      start,
      '{}',
      JSON.stringify({ id: 'mallory', name: 'Mallory', email: 'mallory@example.com' }),
      encodeChanges([{ ...changeOf(v7(), null, [created()]).change }], start),
    ]);
    expect(await count(mine, 'users')).toBe(1);
  });

  it('lets the functions of an organization serve no other', async () => {
    const batch = encodeChanges([changeOf(v7(), null, [created()]).change], start);
    for (const [sql, ...values] of [
      ['warroom.commit($1, 1, $2)', theirs, batch],
      ['warroom.touch_signals($1, $2)', theirs, '[]'],
      ['warroom.touch_key($1, $2, $3)', theirs, nobody, start],
      ['warroom.count_rate_limited($1, $2)', theirs, '[]'],
      ['warroom.search_incidents($1, $2)', theirs, 'checkout'],
      ['warroom.log_access($1, $2)', theirs, '[]'],
      ['warroom.keep_dead_letter($1, $2, 1, 1)', theirs, '{}'],
      ['warroom.refuse_dead_letter_again($1, $2, $3, $3)', theirs, nobody, ''],
      ['warroom.discard_dead_letter($1, $2)', theirs, nobody],
      ['warroom.begin_bulk_target($1, $2, $2, 1, $3, $4)', theirs, nobody, start, ''],
      ['warroom.delay_bulk_target($1, $2, $2, 1, $3, $4)', theirs, nobody, start, '{}'],
      ['warroom.finish_bulk_target($1, $2, $2, 1, $3)', theirs, nobody, '{}'],
      ['warroom.cancel_bulk_targets($1, $2, $2, $3)', theirs, nobody, start],
      ['warroom.addressee($1, $2, $3)', theirs, nobody, 'ada'],
    ] as const) {
      for (const organization of [mine, '', nobody]) {
        await expect(database.asOrganization(organization, `SELECT ${sql}`, values)).rejects.toThrow(
          'This connection acts for another organization.',
        );
      }
    }
    const [loaded] = await database.asOrganization(mine, 'SELECT warroom.load($1, $2) AS loaded', [
      theirs,
      '{}',
    ]);
    expect(loaded).toMatchObject({ loaded: { head: null, incidents: null } });
  });

  it('lets no role of ours write, nor call what is not its own', async () => {
    const as = {
      warroom_app: (sql: string) => database.asOrganization(mine, sql),
      warroom_platform: (sql: string) => database.asPlatform(sql),
    };
    for (const [role, run] of Object.entries(as)) {
      const [granted] = await run(
        `SELECT array_agg(DISTINCT privilege_type::text) AS privileges FROM information_schema.role_table_grants
         WHERE table_schema = 'warroom' AND grantee = '${role}'`,
      );
      expect([role, granted?.privileges]).toEqual([role, ['SELECT']]);
    }
    const functions = await database.asPlatform<{ name: string; app: boolean; platform: boolean }>(
      `SELECT p.proname AS name, has_function_privilege('warroom_app', p.oid, 'EXECUTE') AS app,
         has_function_privilege('warroom_platform', p.oid, 'EXECUTE') AS platform
       FROM pg_proc p WHERE p.pronamespace = 'warroom'::regnamespace ORDER BY 1`,
    );
    const callable = (by: 'app' | 'platform') => functions.filter((row) => row[by]).map(({ name }) => name);
    expect(callable('app')).toEqual([
      'addressee',
      'begin_bulk_target',
      'cancel_bulk_targets',
      'commit',
      'count_rate_limited',
      'delay_bulk_target',
      'discard_dead_letter',
      'finish_bulk_target',
      'keep_dead_letter',
      'load',
      'load_administration',
      'load_catalogue',
      'load_entry',
      'load_joinable',
      'load_open_signals',
      'load_runs',
      'load_signals',
      'log_access',
      'note_alert_request',
      'note_change',
      'platform_timeline',
      'refuse_dead_letter_again',
      'replay_page',
      'search_incidents',
      'touch_key',
      'touch_signals',
    ]);
    expect(callable('platform')).toEqual([
      'claim',
      'claim_bulk_actions',
      'create_organization',
      'drop_access_log_months',
      'invitation_by_token',
      'list_superadmins',
      'make_access_log_months',
      'release_bulk_actions',
      'superadmin_candidate',
      'sweep_alert_requests',
      'sweep_bulk_results',
      'sweep_changes',
      'sweep_early_clearings',
      'sweep_errors',
      'sweep_requests',
      'sweep_runs',
    ]);
  });

  it('is on for every table, and every table and function belongs to the owner', async () => {
    const rows = await database.asPlatform<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c
       WHERE c.relnamespace = 'warroom'::regnamespace AND c.relname <> '_prisma_migrations'
         AND (c.relkind IN ('r', 'p') AND (NOT c.relrowsecurity OR c.relforcerowsecurity)
           OR pg_get_userbyid(c.relowner) <> 'warroom_owner')
       UNION ALL
       SELECT p.proname FROM pg_proc p
       WHERE p.pronamespace = 'warroom'::regnamespace AND pg_get_userbyid(p.proowner) <> 'warroom_owner'`,
    );
    expect(rows).toEqual([]);
  });

  it('leaves no column default and no function that asks a clock or rolls dice', async () => {
    const rows = await database.asPlatform<{ name: string; text: string }>(
      `SELECT a.attrelid::regclass::text || '.' || a.attname AS name, pg_get_expr(d.adbin, d.adrelid) AS text
       FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
       WHERE d.adrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'warroom'::regnamespace)
       UNION ALL
       SELECT p.proname, p.prosrc FROM pg_proc p WHERE p.pronamespace = 'warroom'::regnamespace
       UNION ALL
       SELECT c.relname, pg_get_viewdef(c.oid) FROM pg_class c
       WHERE c.relnamespace = 'warroom'::regnamespace AND c.relkind = 'v'`,
    );
    const asking = rows.filter(({ text }) =>
      /\b(now|random|gen_random_uuid|clock_timestamp|statement_timestamp)\s*\(|current_timestamp/i.test(text),
    );
    expect(asking.map(({ name }) => name)).toEqual([
      'warroom._prisma_migrations.started_at',
      'overdue_incidents',
    ]);
  });
});
