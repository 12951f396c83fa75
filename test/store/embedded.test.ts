import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../../src/log.ts';
import { CannotStartError } from '../../src/store/cannotStart.ts';
import { connectControl, openControlSocket } from '../../src/store/controlSocket.ts';
import { launchEmbedded } from '../../src/store/embedded.ts';
import type { KeyKeeper } from '../../src/store/keyKeeper.ts';
import type { LedgerSource } from '../../src/store/ledgerSource.ts';
import { openDatabase } from '../../src/store/openDatabase.ts';
import type { Superadmins } from '../../src/store/superadmins.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';

const organizationId = '019a0000-0000-7000-8000-000000000001';

describe('the embedded database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase({ mode: 'embedded' });
  });
  afterAll(() => database.drop());

  it('keeps its directory to itself: its socket is a superuser', () => {
    expect(statSync(database.settings.dataDirectory).mode & 0o777).toBe(0o700);
  });

  it('refuses a second opener and names the first', async () => {
    const began = performance.now();
    const second = openDatabase(database.settings);
    await expect(second).rejects.toThrow(CannotStartError);
    await expect(second).rejects.toThrow(`in use by process ${process.pid}`);
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('serves many at once over its one connection, each as its own organization', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const id = organizationId.replace(/1$/, String(index % 10));
        const [row] = await database.asOrganization<{ id: string }>(
          id,
          `select current_setting('warroom.organization') as id`,
        );
        return row?.id === id;
      }),
    );
    expect(answers.every(Boolean)).toBe(true);
  });

  it('answers ledger questions on its control socket, and nothing else', async () => {
    const source: LedgerSource = {
      organizations: async () => [{ id: organizationId, slug: 'default' }],
      head: async () => null,
      rows: async (_organization, _ledger, after) => {
        if (after > 5) throw new Error('cannot be read');
        return [];
      },
      bulkAction: async () => null,
      strayBulkActions: async () => ({ strays: [], next: null }),
      superadminDifferences: async () => [{ table: 'superadmin', key: 'mallory', problem: 'forged' }],
      close: async () => undefined,
    };
    const directory = database.settings.dataDirectory;
    expect(await connectControl(directory)).toBeNull();
    const granted: string[] = [];
    const superadmins: Superadmins = {
      list: async () => [{ email: 'ada@example.com', name: 'Ada', grantedAt: '2026-11-26T00:00:00.000Z' }],
      grant: async (email) => {
        granted.push(email);
        return 'DONE';
      },
      revoke: async () => 'NOBODY',
    };
    const keyQuestions: unknown[] = [];
    const answer = async (...question: unknown[]) => {
      keyQuestions.push(question);
      return { kind: 'done', id: 'k', secret: 'wr_secret' } as const;
    };
    const keys: KeyKeeper = { list: async () => null, create: answer, rotate: answer, revoke: answer };
    const server = await openControlSocket(directory, source, {
      superadmins,
      keys,
      signInLink: async (email) => (email === 'ada@example.com' ? 'https://warroom.example/sign-in' : null),
    });
    expect(statSync(join(directory, 'control.sock')).mode & 0o777).toBe(0o600);
    const client = await connectControl(directory);
    const asked = [
      client?.organizations(),
      client?.head(organizationId, 'INCIDENTS'),
      client?.rows(organizationId, 'INCIDENTS', 0, 10),
    ];
    expect(await Promise.all(asked)).toEqual([[{ id: organizationId, slug: 'default' }], null, []]);
    expect(await client?.superadminDifferences()).toEqual(await source.superadminDifferences());
    expect(await client?.superadmins.list()).toEqual(await superadmins.list());
    expect(await client?.superadmins.grant('grace@example.com')).toBe('DONE');
    expect(await client?.superadmins.revoke('nobody@example.com')).toBe('NOBODY');
    expect(granted).toEqual(['grace@example.com']);
    const wanted = { name: 'CI', role: 'MEMBER', scopes: ['READ'], expiresAt: null } as const;
    expect(await client?.keys.list('default')).toBeNull();
    expect(await client?.keys.create('default', wanted)).toMatchObject({ secret: 'wr_secret' });
    await client?.keys.rotate('default', 'k', 60);
    await client?.keys.revoke('default', 'k');
    expect(keyQuestions).toEqual([
      ['default', wanted],
      ['default', 'k', 60],
      ['default', 'k'],
    ]);
    expect(await client?.signInLink('ada@example.com')).toBe('https://warroom.example/sign-in');
    expect(await client?.signInLink('nobody@example.com')).toBeNull();
    await expect(client?.rows(organizationId, 'INCIDENTS', 6, 10)).rejects.toThrow('cannot be read');
    expect(await client?.organizations()).toHaveLength(1);
    await server.close();
    await expect(client?.organizations()).rejects.toThrow('closed the control socket');
    await client?.close();
    expect(await connectControl(directory)).toBeNull();
  });
});

it('opens again where it was closed, and lets go of its directory', async () => {
  const database = await openTestDatabase({ mode: 'embedded' });
  await database.close();
  const again = await openDatabase(database.settings);
  expect(() => readFileSync(join(database.settings.dataDirectory, 'lock.pid'))).not.toThrow();
  expect(await again.asPlatform('select 1 as one')).toEqual([{ one: 1 }]);
  await again.close();
  expect(() => readFileSync(join(database.settings.dataDirectory, 'lock.pid'))).toThrow('ENOENT');
  await database.drop();
});

it('can be ended while it starts, and lets go of its directory', async () => {
  const database = await openTestDatabase({ mode: 'embedded' });
  await database.close();
  const launched = await launchEmbedded(database.settings);
  const running = launched.running(createLog('silent'));
  const outcome = running.then(
    () => 'running',
    (error: Error) => error,
  );
  await Promise.all([launched.close(), launched.close()]);
  expect(await outcome).toBeInstanceOf(CannotStartError);
  expect(existsSync(join(database.settings.dataDirectory, 'lock.pid'))).toBe(false);
  const again = await openDatabase(database.settings);
  expect(await again.asPlatform('select 1 as one')).toEqual([{ one: 1 }]);
  await again.close();
  await database.drop();
});

it('starts again when its thread dies, and keeps what was acknowledged', async () => {
  const database = await openTestDatabase({ mode: 'embedded' });
  await database.close();
  const { dataDirectory, worker } = database.settings;
  const die = join(dataDirectory, 'die');
  const mortal = join(dataDirectory, 'mortal.mjs');
  const code = `import { existsSync, rmSync } from 'node:fs';
    setInterval(() => { if (existsSync(${JSON.stringify(die)})) { rmSync(${JSON.stringify(die)}); process.exit(1); } }, 10).unref();
    await import(${JSON.stringify(worker?.href)});`;
  writeFileSync(mortal, code);
  const again = await openDatabase({ ...database.settings, worker: pathToFileURL(mortal) });
  const direct = new pg.Client({ host: dataDirectory, port: 5432, user: 'postgres', database: 'postgres' });
  await direct.connect();
  await direct.query(
    'reset role; create table kept as select 7 as seven; grant select on kept to warroom_platform',
  );
  await direct.end();
  writeFileSync(die, '');
  await expect.poll(() => existsSync(die)).toBe(false);
  const kept = () => again.asPlatform('select seven from kept').catch((error: Error) => error.message);
  await expect.poll(kept, { timeout: 20_000 }).toEqual([{ seven: 7 }]);
  await again.close();
  await database.drop();
});

it.each([
  ['a file', () => fileURLToPath(import.meta.url)],
  ['nowhere to be', () => '/proc/warroom'],
])('says in one line that the data directory cannot be used: %s', async (_what, directory) => {
  const opening = openDatabase({ databaseUrl: null, dataDirectory: directory(), log: createLog('silent') });
  await expect(opening).rejects.toThrow(CannotStartError);
  await expect(opening).rejects.toThrow(/^The data directory .* cannot be used: .*$/);
});
