import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLog } from '../../src/log.ts';
import { openDatabase } from '../../src/store/openDatabase.ts';
import { freePort } from '../support/freePort.ts';
import { startServerProcess } from '../support/serverProcess.ts';

// A PostgreSQL server of its own which speaks TLS and nothing else: its certificate is of an authority nobody knows, and
// says that it is `localhost`, not 127.0.0.1.

const directory = mkdtempSync(join(tmpdir(), 'warroom-tls-'));
const inside = (name: string) => join(directory, name);
/** PostgreSQL refuses to run as the superuser of the machine. */
const ordinary = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
let port: number;

function idOf(which: '-u' | '-g'): number {
  return Number(execFileSync('id', [which, 'postgres'], { encoding: 'utf8' }));
}

/** PostgreSQL's server programs are on nobody's path in Debian. */
function program(name: string): string {
  const debian = '/usr/lib/postgresql';
  const [newest] = readdirSync(debian).sort((a, b) => Number(b) - Number(a));
  return join(debian, newest ?? '', 'bin', name);
}

function run(file: string, ...words: string[]): void {
  execFileSync(file, words, { ...ordinary, cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
}

function certificate(name: string, subject: string, extension: string): void {
  writeFileSync(inside(`${name}.ext`), extension);
  run(
    'openssl',
    'req',
    '-newkey',
    'ed25519',
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.csr`,
    '-subj',
    subject,
  );
  run(
    'openssl',
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    '-CA',
    'ca.crt',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    `${name}.ext`,
    '-out',
    `${name}.crt`,
  );
}

function control(...words: string[]): void {
  run(program('pg_ctl'), '-D', inside('data'), '-w', ...words);
}

beforeAll(async () => {
  if (ordinary.uid !== undefined) chownSync(directory, ordinary.uid, ordinary.gid ?? 0);
  port = await freePort();
  run(
    'openssl',
    'req',
    '-x509',
    '-newkey',
    'ed25519',
    '-nodes',
    '-days',
    '2',
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-subj',
    '/CN=nobody knows',
  );
  certificate('server', '/CN=server', 'subjectAltName=DNS:localhost');
  certificate('client', '/CN=postgres', 'basicConstraints=CA:FALSE');
  run(program('initdb'), '-D', inside('data'), '-U', 'postgres', '-A', 'trust', '-N');
  mkdirSync(inside('socket'));
  chmodSync(inside('socket'), 0o777);
  const settings = `
    port = ${port}
    listen_addresses = 'localhost'
    unix_socket_directories = '${inside('socket')}'
    fsync = off
    ssl = on
    ssl_cert_file = '${inside('server.crt')}'
    ssl_key_file = '${inside('server.key')}'
    ssl_ca_file = '${inside('ca.crt')}'\n`;
  run('sh', '-c', `chmod 600 *.key; cat >> data/postgresql.conf <<'END'${settings}END`);
  run(
    'sh',
    '-c',
    `cat > data/pg_hba.conf <<'END'
local all all trust
hostssl guarded all all cert
hostssl all all all trust
END`,
  );
  control('-l', inside('log'), 'start');
});

afterAll(() => {
  try {
    control('-m', 'immediate', 'stop');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

/** What the server answers its superuser over its own socket. */
function asked(sql: string): string {
  const words = ['-h', inside('socket'), '-p', String(port), '-U', 'postgres', '-qAtc', sql];
  return execFileSync('psql', words, { ...ordinary, cwd: directory, encoding: 'utf8' }).trim();
}

/** Whether the connection was encrypted, and how many warnings Node printed; the message when it was refused. */
async function connected(query: string, host = 'localhost', name = 'postgres'): Promise<unknown> {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => void warnings.push(warning);
  process.on('warning', onWarning);
  try {
    const database = await openDatabase({
      databaseUrl: `postgres://postgres@${host}:${port}/${name}?${query}`,
      dataDirectory: directory,
      log: createLog('silent'),
    });
    // On the pool's connection, not only on the one that migrated.
    await database.asPlatform('select 1');
    const encrypted = asked(
      `select bool_and(ssl) from pg_stat_ssl join pg_stat_activity using (pid) where application_name = 'warroom'`,
    );
    await database.close();
    await new Promise((done) => setImmediate(done));
    expect(warnings).toEqual([]);
    return encrypted === 't';
  } catch (error) {
    return (error as Error).message;
  } finally {
    process.off('warning', onWarning);
  }
}

const authority = `sslrootcert=${inside('ca.crt')}`;
const stranger = /self-signed certificate in certificate chain.*sslrootcert in DATABASE_URL/;
const otherName = /does not match certificate's altnames/;

describe('a server that speaks TLS', () => {
  test.each([
    ['sslmode=disable', 'localhost', /no encryption/],
    ['sslmode=prefer', 'localhost', true],
    ['sslmode=require', '127.0.0.1', true],
    [`sslmode=require&${authority}`, '127.0.0.1', true],
    [`sslmode=require&sslrootcert=${inside('server.crt')}`, 'localhost', stranger],
    [`sslmode=verify-ca&${authority}`, '127.0.0.1', true],
    ['sslmode=verify-full', 'localhost', stranger],
    [`sslmode=verify-full&${authority}`, 'localhost', true],
    [`sslmode=verify-full&${authority}`, '127.0.0.1', otherName],
    [`sslmode=require&host=${encodeURIComponent(inside('socket'))}`, 'localhost', false],
  ])('%s at %s', async (query, host, expected) => {
    const found = await connected(query, host);
    if (expected instanceof RegExp) expect(found).toMatch(expected);
    else expect(found).toBe(expected);
  });

  test('is shown our certificate when it asks for one', async () => {
    run(
      'psql',
      '-h',
      inside('socket'),
      '-p',
      String(port),
      '-U',
      'postgres',
      '-qc',
      'create database guarded',
    );
    const own = `sslcert=${inside('client.crt')}&sslkey=${inside('client.key')}`;
    const query = `sslmode=verify-full&${authority}`;
    expect(await connected(query, 'localhost', 'guarded')).toMatch(/requires a valid client certificate/);
    expect(await connected(`${query}&${own}`, 'localhost', 'guarded')).toBe(true);
  });

  test('is served over without a word on either output', async () => {
    const DATABASE_URL = `postgres://postgres@127.0.0.1:${port}/postgres?sslmode=require`;
    const server = await startServerProcess({ DATABASE_URL });
    expect(await server.stop()).toBe(0);
    expect(server.output()).not.toMatch(/warning|deprecat/i);
  });

  test('that no longer does is not spoken to in plain text', async () => {
    run(
      'sh',
      '-c',
      "echo 'ssl = off' >> data/postgresql.conf; echo 'host all all all trust' >> data/pg_hba.conf",
    );
    control('reload');
    await expect
      .poll(() => connected('sslmode=prefer'))
      .toMatch(/does not support SSL connections. sslmode=disable in DATABASE_URL goes without/);
    expect(await connected('sslmode=disable')).toBe(false);
  });
});
