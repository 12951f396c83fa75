import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import pg from 'pg';
import { v7 } from 'uuid';
import { afterEach, describe, expect, it } from 'vitest';
import { foundPlatform } from '../../src/app/foundPlatform.ts';
import { verify } from '../../src/app/verify.ts';
import { platform } from '../../src/domain/administration/platform.ts';
import { createLog } from '../../src/log.ts';
import { compareProjections } from '../../src/store/compareProjections.ts';
import type { Database } from '../../src/store/database.ts';
import { insertPerson } from '../../src/store/identity/personRows.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openDatabase } from '../../src/store/openDatabase.ts';
import { databaseLedgerSource } from '../../src/store/read/ledgerRows.ts';
import { createSuperadmins } from '../../src/store/superadmins.ts';
import { changeOf, commit, declared, founded, noted } from './founded.ts';

/** The platform's ledger and people with it: founded if need be, one made a superadmin for good, one for a while. */
async function grantAndRevoke(database: Database): Promise<void> {
  const now = () => new Date().toISOString();
  await foundPlatform(database, { now });
  const superadmins = createSuperadmins(database, now);
  for (const email of ['kept@example.com', 'former@example.com']) {
    const person = { id: v7(), name: 'Somebody', email, emailVerified: true, at: now() };
    if ((await superadmins.grant(email)) === 'NOBODY') {
      await insertPerson(database, person, null);
      expect(await superadmins.grant(email)).toBe('DONE');
    }
  }
  expect(await superadmins.revoke('former@example.com')).toBe('DONE');
}

async function superadminsOf(database: Database): Promise<readonly string[]> {
  const list = await createSuperadmins(database, () => new Date().toISOString()).list();
  return list.map(({ email }) => email);
}

const serverUrl = process.env.WARROOM_TEST_DATABASE_URL;
const migrations = new URL('../../prisma/migrations/', import.meta.url);
const names = readdirSync(migrations).sort();
const run = promisify(execFile);

/** Needs a server: PGlite has one session and one login. */
describe.skipIf(!serverUrl)('migrate', () => {
  const undo: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });

  async function connect(url: string): Promise<pg.Client> {
    const client = new pg.Client(url);
    await client.connect();
    undo.push(() => client.end());
    return client;
  }

  function urlOf(database: string, login?: { name: string; password: string }): string {
    const url = new URL(serverUrl ?? '');
    url.pathname = `/${database}`;
    if (login) [url.username, url.password] = [login.name, login.password];
    return url.href;
  }

  async function emptyDatabase(owner?: string): Promise<string> {
    const administration = await connect(serverUrl ?? '');
    const name = `warroom_migrate_${randomBytes(5).toString('hex')}`;
    await administration.query(`CREATE DATABASE ${name} ${owner ? `OWNER ${owner}` : ''}`);
    undo.push(() => administration.query(`DROP DATABASE ${name} WITH (FORCE)`));
    return name;
  }

  async function ordinaryLogin(): Promise<{ name: string; password: string }> {
    const administration = await connect(serverUrl ?? '');
    const login = { name: `warroom_login_${randomBytes(5).toString('hex')}`, password: 'secret' };
    await administration.query(`CREATE ROLE ${login.name} LOGIN PASSWORD 'secret' CREATEROLE`);
    undo.push(() => administration.query(`DROP ROLE ${login.name}`));
    return login;
  }

  it('applies every migration once, recorded as Prisma records it', async () => {
    const client = await connect(urlOf(await emptyDatabase()));
    const lines: string[] = [];
    await migrate(client, (line) => lines.push(line));
    await migrate(client, (line) => lines.push(line));
    expect(lines).toEqual(names.map((name) => `Applied migration ${name}.`));
    const { rows } = await client.query(
      `SELECT migration_name, checksum, applied_steps_count, rolled_back_at, logs, finished_at >= started_at AS finished
       FROM warroom._prisma_migrations ORDER BY 1`,
    );
    expect(rows).toEqual(
      names.map((name) => ({
        migration_name: name,
        checksum: createHash('sha256')
          .update(readFileSync(new URL(`${name}/migration.sql`, migrations)))
          .digest('hex'),
        applied_steps_count: 1,
        rolled_back_at: null,
        logs: null,
        finished: true,
      })),
    );
    const settings = await client.query(
      `SELECT current_user = session_user AS self, current_setting('search_path') AS path,
         (SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks`,
    );
    expect(settings.rows).toEqual([{ self: true, path: '"$user", public', locks: 0 }]);
  });

  it('lets instances of one database and of many start together', async () => {
    const databases = await Promise.all([emptyDatabase(), emptyDatabase(), emptyDatabase()]);
    const applied = await Promise.all(
      databases.flatMap((database) =>
        [1, 2].map(async () => {
          const lines: string[] = [];
          await migrate(await connect(urlOf(database)), (line) => lines.push(line));
          return lines.length;
        }),
      ),
    );
    expect(applied.reduce((sum, count) => sum + count, 0)).toBe(databases.length * names.length);
  });

  it('refuses a migration that was edited or failed half-way, and says so', async () => {
    const client = await connect(urlOf(await emptyDatabase()));
    await migrate(client);
    const spoil = (sql: string) =>
      client.query(`UPDATE warroom._prisma_migrations SET ${sql} WHERE migration_name = $1`, [names[1]]);
    await spoil(`checksum = repeat('0', 64)`);
    await expect(migrate(client)).rejects.toThrow(
      `Migration ${names[1]} was edited after this database applied it`,
    );
    await spoil('finished_at = NULL');
    await expect(migrate(client)).rejects.toThrow(`Migration ${names[1]} failed half-way earlier.`);
  });

  it('says what a newer program has done here, and leaves it', async () => {
    const client = await connect(urlOf(await emptyDatabase()));
    await migrate(client);
    await client.query(
      `INSERT INTO warroom._prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'y', '29991231000000_later', now())`,
    );
    const lines: string[] = [];
    await migrate(client, (line) => lines.push(line));
    expect(lines).toEqual([expect.stringContaining('29991231000000_later')]);
  });

  it('tells a login that may not what to run', async () => {
    const administration = await connect(serverUrl ?? '');
    const login = await ordinaryLogin();
    await administration.query(`ALTER ROLE ${login.name} NOCREATEROLE`);
    const client = await connect(urlOf(await emptyDatabase(), login));
    await expect(migrate(client)).rejects.toThrow(
      /As a superuser run: .*GRANT warroom_owner, .* TO "warroom_login_/,
    );
  });

  it('serves an ordinary owner, whose dump restores into another database', async () => {
    const login = await ordinaryLogin();
    const database = await emptyDatabase(login.name);
    const log = createLog('silent');
    const settings = { dataDirectory: '', log };
    const opened = await openDatabase({ ...settings, databaseUrl: urlOf(database, login) });
    undo.push(() => opened.close());
    const organization = await founded(opened, 'dumped');
    const { id, after } = await declared(opened, organization, { tags: ['a'] });
    await commit(opened, organization, [changeOf(id, after, [noted('b')]).change]);
    await grantAndRevoke(opened);
    const whole = await verify({ now: new Date().toISOString(), source: databaseLedgerSource(opened) });
    expect(whole).toMatchObject({ organizations: 2, tampering: [], differences: [] });

    const restored = await emptyDatabase(login.name);
    const environment = { ...process.env, PGPASSWORD: login.password };
    const { stdout: dump } = await run('pg_dump', ['--format=plain', urlOf(database, login)], {
      env: environment,
      maxBuffer: 64 * 1024 * 1024,
    });
    expect(dump).toContain('Checkout answers 502');
    const restore = execFile('psql', ['-v', 'ON_ERROR_STOP=1', '-q', '-X', urlOf(restored, login)], {
      env: environment,
    });
    restore.stdin?.end(dump);
    expect(await new Promise((resolve) => restore.once('exit', resolve))).toBe(0);

    const copy = await openDatabase({ ...settings, databaseUrl: urlOf(restored, login) });
    undo.push(() => copy.close());
    expect(await compareProjections(copy, organization)).toEqual([]);
    expect(await compareProjections(copy, platform.organizationId)).toEqual([]);
    expect(await verify({ now: new Date().toISOString(), source: databaseLedgerSource(copy) })).toEqual(
      whole,
    );
    expect(await superadminsOf(copy)).toEqual(['kept@example.com']);
    const ledger = `SELECT sequence, encode(hash, 'hex') AS hash, body FROM warroom.ledger_event WHERE organization_id = $1 ORDER BY ledger, sequence`;
    expect(await copy.asOrganization(organization, ledger, [organization])).toEqual(
      await opened.asOrganization(organization, ledger, [organization]),
    );
    const client = await connect(urlOf(restored, login));
    await grantAndRevoke(copy);
    await expect(client.query('TRUNCATE warroom.ledger_event')).rejects.toThrow('The ledger is append-only');
  });
});
