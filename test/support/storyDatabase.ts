import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** An empty database for servers in processes of their own: settings to start them with. */
export interface StoryDatabase {
  readonly mode: 'embedded' | 'server';
  readonly environment: Record<string, string>;
  /** Runs SQL as the login, past Warroom: to break things on purpose. On a server only. */
  sql(text: string): Promise<pg.QueryResult>;
  drop(): Promise<void>;
}

const serverUrl = process.env.WARROOM_TEST_DATABASE_URL;

async function once(url: string, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}

/** A fresh, empty database: on the server of WARROOM_TEST_DATABASE_URL when it is set, else an empty directory. */
export async function openStoryDatabase(): Promise<StoryDatabase> {
  if (serverUrl === undefined || serverUrl === '') {
    const directory = mkdtempSync(join(tmpdir(), 'warroom-story-'));
    return {
      mode: 'embedded',
      environment: { WARROOM_DATA_DIR: directory },
      sql: () => Promise.reject(new Error('the embedded database has no way in past Warroom')),
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
    sql: (text) => once(url.href, text),
    drop: async () => {
      await once(serverUrl, `drop database if exists ${name} with (force)`);
    },
  };
}
