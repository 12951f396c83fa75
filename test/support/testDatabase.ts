import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, type Log } from '../../src/log.ts';
import type { Database } from '../../src/store/database.ts';
import { type DatabaseSettings, openDatabase } from '../../src/store/openDatabase.ts';
import { cacheDirectory, compiledWorker, renameUnlessThere } from './compiledWorker.ts';
import { migrationsDigest } from './migrationsDigest.ts';
import { createServerDatabase } from './serverDatabase.ts';

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
  const { url, drop } = await createServerDatabase(serverUrl);
  return opened({ databaseUrl: url, dataDirectory: join(tmpdir(), 'unused'), log }, drop);
}

/**
 * PostgreSQL as machine code. V8 shares it among the threads of a process for as long as somebody holds it; else each
 * database that is opened compiles it anew, which is most of what opening costs.
 */
let compiled: Promise<WebAssembly.Module> | null = null;

function holdCompiled(): Promise<WebAssembly.Module> {
  const file = new URL('./pglite.wasm', import.meta.resolve('@electric-sql/pglite'));
  compiled ??= WebAssembly.compile(readFileSync(file));
  return compiled;
}

async function inDirectory(log: Log): Promise<TestDatabase> {
  await holdCompiled();
  const dataDirectory = await migratedDataDirectory();
  const settings = { databaseUrl: null, dataDirectory, log, worker: compiledWorker() };
  return opened(settings, async () => rmSync(dataDirectory, { recursive: true, force: true }));
}

/** A data directory of its own with a migrated database, in which there is nothing yet. */
export async function migratedDataDirectory(): Promise<string> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'warroom-test-'));
  copyDatabase(await migratedDirectory(), join(dataDirectory, 'database'));
  return dataDirectory;
}

/** PostgreSQL's own two templates: no connection reaches them, so nothing is ever written there. */
const untouched = ['base/1', 'base/4'];

/** Files are linked instead of copied where nobody writes, half of them, if the system can. */
function copyDatabase(from: string, to: string): void {
  cpSync(from, to, {
    recursive: true,
    filter: (path) => !untouched.some((directory) => path.startsWith(join(from, directory, '/'))),
  });
  for (const directory of untouched) {
    for (const name of readdirSync(join(from, directory))) {
      const [file, copy] = [join(from, directory, name), join(to, directory, name)];
      try {
        linkSync(file, copy);
      } catch {
        copyFileSync(file, copy);
      }
    }
  }
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
