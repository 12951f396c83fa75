import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createLog } from '../../src/log.ts';
import { openDatabase } from '../../src/store/openDatabase.ts';
import { migrationsDigest } from './migrationsDigest.ts';

/** A database of its own on a server. */
export interface ServerDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Runs SQL as the login of the URL, past Warroom. */
export async function sqlOn(url: string, text: string, values: unknown[] = []): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(text, values);
  } finally {
    await client.end();
  }
}

/**
 * Makes a database on the server: a migrated one in which there is nothing yet, or, if `fresh`, nothing at all. It is
 * copied from a template, which costs a tenth of migrating.
 */
export async function createServerDatabase(
  server: string,
  options: { readonly fresh?: boolean } = {},
): Promise<ServerDatabase> {
  const name = `warroom_test_${randomBytes(6).toString('hex')}`;
  const template = options.fresh ? '' : ` template ${await migratedTemplate(server)}`;
  await sqlOn(server, `create database ${name}${template}`);
  return {
    url: withDatabase(server, name),
    drop: async () => {
      await sqlOn(server, `drop database if exists ${name} with (force)`);
    },
  };
}

function withDatabase(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** The template's name, made once for each state of the migrations. */
async function migratedTemplate(server: string): Promise<string> {
  const template = `warroom_template_${migrationsDigest()}`;
  const made = await sqlOn(server, 'select 1 from pg_database where datname = $1', [template]);
  if (made.rows.length > 0) return template;
  await forgetOldTemplates(server);
  const { url, drop } = await createServerDatabase(server, { fresh: true });
  try {
    const settings = {
      databaseUrl: url,
      dataDirectory: join(tmpdir(), 'unused'),
      log: createLog('silent'),
    };
    await (await openDatabase(settings)).close();
    const name = new URL(url).pathname.slice(1);
    await sqlOn(server, `comment on database ${name} is '${Date.now()}'`);
    // Two test files may make it at once; the first one stays.
    await sqlOn(server, `alter database ${name} rename to ${template}`).catch((error: { code?: string }) => {
      if (error.code !== '42P04' && error.code !== '23505') throw error;
    });
  } finally {
    // Under its first name it is not there any more, unless another one came first.
    await drop();
  }
  return template;
}

const templateAtMostMilliseconds = 24 * 3_600_000;

/** Each state of the migrations leaves one; another checkout's test run may be copying a young one. */
async function forgetOldTemplates(server: string): Promise<void> {
  const { rows } = await sqlOn(
    server,
    `select datname as name from pg_database
     where datname like 'warroom\\_template\\_%' and shobj_description(oid, 'pg_database')::bigint < $1`,
    [Date.now() - templateAtMostMilliseconds],
  );
  for (const { name } of rows) await sqlOn(server, `drop database if exists ${name}`);
}
