import { createHash, randomBytes } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createLog, type Log } from '../../src/log.ts';
import type { Database } from '../../src/store/database.ts';
import { type DatabaseSettings, openDatabase } from '../../src/store/openDatabase.ts';
import { cacheDirectory, compiledWorker, renameUnlessThere } from './compiledWorker.ts';

/** A migrated database of its own for a test file; `drop` closes it, if it is not closed yet, and removes it. */
export interface TestDatabase extends Database {
  /** What it was opened with, to open it once more (server) or after a close (embedded). */
  readonly settings: DatabaseSettings;
  drop(): Promise<void>;
}

const serverUrl = process.env.WARROOM_TEST_DATABASE_URL;
const quiet = createLog('silent');

/**
 * Opens a fresh, migrated database: on the server of WARROOM_TEST_DATABASE_URL if it is set, else embedded; `mode`
 * insists on one of them.
 */
export async function openTestDatabase(
  options: { readonly mode?: Database['mode']; readonly log?: Log } = {},
): Promise<TestDatabase> {
  const mode = options.mode ?? (serverUrl ? 'server' : 'embedded');
  return mode === 'server' ? onServer(options.log ?? quiet) : inDirectory(options.log ?? quiet);
}

async function onServer(log: Log): Promise<TestDatabase> {
  if (!serverUrl) throw new Error('WARROOM_TEST_DATABASE_URL is not set.');
  const name = `warroom_test_${randomBytes(6).toString('hex')}`;
  await onAdministration(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const drop = () => onAdministration(serverUrl, `drop database if exists ${name} with (force)`);
  const settings = { databaseUrl: url.href, dataDirectory: join(tmpdir(), 'unused'), log };
  return opened(settings, drop);
}

async function onAdministration(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function inDirectory(log: Log): Promise<TestDatabase> {
  const dataDirectory = await migratedDataDirectory();
  const settings = { databaseUrl: null, dataDirectory, log, worker: compiledWorker() };
  return opened(settings, async () => rmSync(dataDirectory, { recursive: true, force: true }));
}

/** A data directory of its own with a migrated database, in which there is nothing yet. */
export async function migratedDataDirectory(): Promise<string> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'warroom-test-'));
  cpSync(await migratedDirectory(), join(dataDirectory, 'database'), { recursive: true });
  return dataDirectory;
}

async function opened(settings: DatabaseSettings, remove: () => Promise<void>): Promise<TestDatabase> {
  const database = await openDatabase(settings).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closing ??= database.close();
    return closing;
  };
  return {
    ...database,
    settings,
    close,
    async drop() {
      await close();
      await remove();
    },
  };
}

/** An embedded database, migrated and closed, made once for each state of the migrations: a first boot costs seconds. */
async function migratedDirectory(): Promise<string> {
  const template = join(cacheDirectory, `database-${migrationsDigest()}`);
  if (existsSync(template)) return template;
  mkdirSync(cacheDirectory, { recursive: true });
  forgetOldTemplates();
  const fresh = mkdtempSync(join(cacheDirectory, 'migrating-'));
  const dataDirectory = mkdtempSync(join(tmpdir(), 'warroom-template-'));
  try {
    const settings = { databaseUrl: null, dataDirectory, log: quiet, worker: compiledWorker() };
    await (await openDatabase(settings)).close();
    cpSync(join(dataDirectory, 'database'), fresh, { recursive: true });
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(dataDirectory, { recursive: true, force: true });
  }
  renameUnlessThere(fresh, template);
  return template;
}

const templateAtMostMilliseconds = 24 * 3_600_000;

/** Each state of the migrations leaves 40 MB; another checkout's test run may be copying a young one. */
function forgetOldTemplates(): void {
  for (const name of readdirSync(cacheDirectory).filter((entry) => /^(database|migrating)-/.test(entry))) {
    const path = join(cacheDirectory, name);
    if (Date.now() - statSync(path).mtimeMs > templateAtMostMilliseconds)
      rmSync(path, { recursive: true, force: true });
  }
}

/** Changes whenever a migration, what applies it, or the embedded database does. */
function migrationsDigest(): string {
  const root = new URL('../../', import.meta.url);
  const migrations = readdirSync(new URL('prisma/migrations/', root)).sort();
  const files = [
    'node_modules/@electric-sql/pglite/package.json',
    'src/store/migrate.ts',
    'src/store/ensureRoles.ts',
    ...migrations.map((name) => `prisma/migrations/${name}/migration.sql`),
  ];
  const digest = createHash('sha256');
  for (const file of files.filter((name) => existsSync(new URL(name, root)))) {
    digest.update(file).update(readFileSync(new URL(file, root)));
  }
  return digest.digest('hex').slice(0, 16);
}
