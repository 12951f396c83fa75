import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createLog } from '../../src/log.ts';
import type { DatabaseSettings } from '../../src/store/openDatabase.ts';
import { compiledWorker } from './compiledWorker.ts';
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
  return once(settings.databaseUrl, text);
}

async function once(url: string, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}

/**
 * A database of its own: on the server of WARROOM_TEST_DATABASE_URL when it is set, an empty one; else a directory with
 * a migrated one, unless `fresh`: then there is nothing in it at all.
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
  const name = `warroom_story_${randomBytes(6).toString('hex')}`;
  await once(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    mode: 'server',
    environment: { DATABASE_URL: url.href },
    settings: { databaseUrl: url.href, dataDirectory: join(tmpdir(), 'unused'), log },
    drop: async () => {
      await once(serverUrl, `drop database if exists ${name} with (force)`);
    },
  };
}
