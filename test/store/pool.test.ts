import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DatabaseBusyError } from '../../src/store/databaseBusy.ts';
import { createDoorbellConnection } from '../../src/store/doorbellConnection.ts';
import { type ConnectionPool, createPool, type Identity, instantFrom } from '../../src/store/pool.ts';
import { type CuttableProxy, openCuttableProxy } from '../support/cuttableProxy.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';

const app = (last: string): Identity => ({
  role: 'warroom_app',
  organizationId: `019a0000-0000-7000-8000-00000000000${last}`,
});

it.each([
  ['2026-11-20 19:00:00+00', '2026-11-20T19:00:00.000Z'],
  ['2026-11-20 19:00:00.5+00', '2026-11-20T19:00:00.500Z'],
  ['2026-11-20 19:00:00.999999+00', '2026-11-20T19:00:00.999Z'],
])('reads the instant %s', (text, instant) => {
  expect(instantFrom(text)).toBe(instant);
});

it('refuses an instant it cannot read rather than guess', () => {
  expect(() => instantFrom('infinity')).toThrow('not in UTC');
});

describe.runIf(process.env.WARROOM_TEST_DATABASE_URL)('the pool on a server', () => {
  let database: TestDatabase;
  let proxy: CuttableProxy;
  let pool: ConnectionPool;
  let connection: { connectionString: string };
  const lost: Error[] = [];

  beforeAll(async () => {
    database = await openTestDatabase({ mode: 'server' });
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    const url = new URL(database.settings.databaseUrl ?? '');
    proxy = await openCuttableProxy(url.hostname, Number(url.port || 5432));
    url.host = `127.0.0.1:${proxy.port}`;
    connection = { connectionString: url.href };
    pool = createPool({ connection, max: 2, onConnectionLost: (error) => void lost.push(error) });
  });
  afterEach(async () => {
    await pool.close();
    await proxy.close();
  });

  const backend = async (identity: Identity): Promise<number> =>
    (await pool.run<{ pid: number }>(identity, { text: 'select pg_backend_pid() as pid' })).rows[0]?.pid ?? 0;

  it('prefers an idle connection that is the organization already', async () => {
    const [first, second] = await Promise.all([pool.checkout(app('1')), pool.checkout(app('2'))]);
    first.release();
    second.release();
    const one = await backend(app('1'));
    const two = await backend(app('2'));
    expect(one).not.toBe(two);
    for (let turn = 0; turn < 5; turn += 1) {
      expect(await backend(app('1'))).toBe(one);
      expect(await backend(app('2'))).toBe(two);
    }
  });

  it('says that the database is busy when no connection comes free in time', async () => {
    const waiting = { ...connection, connectionTimeoutMillis: 200 };
    const small = createPool({ connection: waiting, max: 1, onConnectionLost: () => undefined });
    const held = await small.checkout(app('1'));
    await expect(small.run(app('1'), { text: 'select 1' })).rejects.toBeInstanceOf(DatabaseBusyError);
    held.release();
    await small.close();
  });

  it('forgets what a connection is after an error, so that a rolled back switch cannot linger', async () => {
    const client = await pool.checkout(app('1'));
    await client.query('begin');
    await client.query("select set_config('warroom.organization', $1, true)", [app('2').organizationId]);
    const error = await client.query('select 1/0').catch((refusal: Error) => refusal);
    await client.query('rollback');
    client.release(error as Error);
    const { rows } = await pool.run(app('1'), {
      text: `select current_setting('warroom.organization') as id, current_user::text as role`,
    });
    expect(rows).toEqual([{ id: app('1').organizationId, role: 'warroom_app' }]);
  });

  it('lets a statement bring its organization, and knows afterwards whom the connection acts for', async () => {
    const bringing = (text: string, last: string) => ({
      text: `select ${text} as is from (select set_config('warroom.organization', $1, false) offset 0) acting`,
      values: [app(last).organizationId],
      setsOrganization: true,
    });
    const acting = `current_user || ' ' || current_setting('warroom.organization') || ' ' || pg_backend_pid()`;
    const pid = await backend(app('1'));
    const { rows } = await pool.run(app('2'), bringing(acting, '2'));
    expect(rows).toEqual([{ is: `warroom_app ${app('2').organizationId} ${pid}` }]);
    await expect(pool.run(app('1'), bringing('1 / 0', '1'))).rejects.toThrow('division by zero');
    for (const last of ['2', '1', '2']) {
      const found = await pool.run(app(last), { text: `select ${acting} as is` });
      expect(found.rows).toEqual([{ is: `warroom_app ${app(last).organizationId} ${pid}` }]);
    }
  });

  it('limits statements, locks and idle transactions', async () => {
    const { rows } = await pool.run(app('1'), {
      text: `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
        current_setting('idle_in_transaction_session_timeout') as idle`,
    });
    expect(rows).toEqual([{ statement: '10s', lock: '2s', idle: '10s' }]);
  });

  it('leaks no connection when a checkout fails', async () => {
    const nobody = { role: 'nobody' as 'warroom_app', organizationId: '' };
    for (let turn = 0; turn < 5; turn += 1) await expect(pool.checkout(nobody)).rejects.toThrow('nobody');
    expect(await Promise.all([backend(app('1')), backend(app('2')), backend(app('3'))])).toHaveLength(3);
  });

  it('survives every connection being reset, idle and busy, and goes on', async () => {
    const busy = pool.run(app('1'), { text: 'select pg_sleep(5)' }).catch((error: Error) => error);
    await backend(app('2'));
    await sleep(50);
    proxy.cut();
    expect(await busy).toBeInstanceOf(Error);
    expect(await backend(app('1'))).toBeGreaterThan(0);
  });

  it('waits out a short absence of the database instead of failing', async () => {
    const { port } = proxy;
    await proxy.close();
    const waiting = backend(app('1'));
    await sleep(500);
    const url = new URL(database.settings.databaseUrl ?? '');
    proxy = await openCuttableProxy(url.hostname, Number(url.port || 5432), port);
    expect(await waiting).toBeGreaterThan(0);
  });

  it('notices within 15 s a connection that died without a word, and replaces it', {
    timeout: 30_000,
  }, async () => {
    await backend(app('1'));
    proxy.hang();
    const began = performance.now();
    await expect(backend(app('1'))).rejects.toThrow();
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(await backend(app('1'))).toBeGreaterThan(0);
  });

  it('rings other instances, also after the background connection was cut', async () => {
    const heard: string[] = [];
    const ear = createDoorbellConnection(connection, (error) => void lost.push(error));
    const hand = createDoorbellConnection(connection, (error) => void lost.push(error));
    const unlisten = await ear.listen((payload) => void heard.push(payload));
    await hand.notify('one');
    await expect.poll(() => heard).toEqual(['one']);
    proxy.cut();
    await expect.poll(proxy.open, { timeout: 3_000 }).toBe(1);
    await hand.notify('two');
    await expect.poll(() => heard, { timeout: 3_000 }).toEqual(['one', 'two']);
    await unlisten();
    await Promise.all([ear.close(), hand.close()]);
  });
});
