import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { createLog } from '../../src/log.ts';
import type { DatabaseSettings } from '../../src/store/openDatabase.ts';
import { compiledWorker } from './compiledWorker.ts';
import { createServerDatabase, sqlOn } from './serverDatabase.ts';
import { migratedDataDirectory } from './testDatabase.ts';

/** A database without organizations for servers in processes of their own: settings to start them with. */
export interface StoryDatabase {
  readonly mode: 'embedded' | 'server';
  readonly environment: Record<string, string>;
  /** To open it in this process; embedded, while no server has it. */
  readonly settings: DatabaseSettings;
  drop(): Promise<void>;
}

const serverUrl = process.env.WARROOM_TEST_DATABASE_URL;

/** Runs SQL as the login, past Warroom: to break things on purpose. On a server only. */
export async function sqlOnServer({ settings }: StoryDatabase, text: string): Promise<pg.QueryResult> {
  if (settings.databaseUrl === null) throw new Error('The embedded database has no way in past Warroom.');
  return sqlOn(settings.databaseUrl, text);
}

/**
 * A database of its own, migrated: on the server of WARROOM_TEST_DATABASE_URL when it is set, else in a directory. If
 * `fresh` there is nothing in it at all.
 */
export async function openStoryDatabase(options: { readonly fresh?: boolean } = {}): Promise<StoryDatabase> {
  const log = createLog('silent');
  if (serverUrl === undefined || serverUrl === '') {
    const directory = options.fresh
      ? mkdtempSync(join(tmpdir(), 'warroom-story-'))
      : await migratedDataDirectory();
    return {
      mode: 'embedded',
      environment: { WARROOM_DATA_DIR: directory },
      settings: { databaseUrl: null, dataDirectory: directory, log, worker: compiledWorker() },
      drop: async () => rmSync(directory, { recursive: true, force: true }),
    };
  }
  const { url, drop } = await createServerDatabase(serverUrl, options);
  return {
    mode: 'server',
    environment: { DATABASE_URL: url },
    settings: { databaseUrl: url, dataDirectory: join(tmpdir(), 'unused'), log },
    drop,
  };
}
