import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { v7 } from 'uuid';
import { createLog } from '../../src/log.ts';
import type { Database } from '../../src/store/database.ts';
import { foundOrganization } from '../../src/store/foundOrganization.ts';
import { openDatabase } from '../../src/store/openDatabase.ts';
import { withCleanUp } from './cleanUp.ts';
import { inTemporaryDirectory } from './processes.ts';

/** The server benchmarks run on: a superuser's URL of one that may be filled and emptied. Null: only embedded rows. */
export const serverUrl: string | null = process.env.DATABASE_URL || null;

/** A fresh database on the server, dropped when the work is done. */
export async function inFreshDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  if (serverUrl === null) throw new Error('This needs DATABASE_URL.');
  const name = `warroom_bench_${randomBytes(6).toString('hex')}`;
  await once(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const drop = () => once(serverUrl as string, `drop database if exists ${name} with (force)`);
  return withCleanUp(drop, () => work(url.href));
}

/** One statement, or several without parameters, as the superuser. */
export async function once(url: string, sql: string): Promise<void> {
  await inConnection(url, async (client) => void (await client.query(sql)));
}

/** A connection as the superuser, closed when the work is done. */
export async function inConnection<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  // A database that is dropped under it must not end the bench.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Where a Warroom keeps its data: on the server, or embedded where there is none. */
export interface Place {
  /** The settings of a Warroom of this place. */
  readonly environment: Record<string, string>;
  /** Opens it past HTTP. An embedded one can be opened by one process at a time. */
  open(): Promise<Database>;
}

/** A fresh place, gone when the work is done. */
export async function inPlace<T>(work: (place: Place) => Promise<T>): Promise<T> {
  if (serverUrl !== null) {
    return inFreshDatabase((url) =>
      work({ environment: { DATABASE_URL: url }, open: () => openForSeeding(url) }),
    );
  }
  return inTemporaryDirectory((directory) =>
    work({ environment: { WARROOM_DATA_DIR: directory }, open: () => openForSeeding(null, directory) }),
  );
}

/** An organization with a key that may do everything. */
export interface BenchOrganization {
  readonly id: string;
  readonly key: string;
}

/** Opens the database past HTTP, for seeding. */
export function openForSeeding(databaseUrl: string | null, dataDirectory = '.'): Promise<Database> {
  return openDatabase({ databaseUrl, dataDirectory, log: createLog('error') });
}

/** Founds `count` organizations, each with a key of its own. */
export async function foundOrganizations(database: Database, count: number): Promise<BenchOrganization[]> {
  const founded: BenchOrganization[] = [];
  for (let n = 0; n < count; n += 1) {
    const id = v7();
    const key = `bench-organization-key-${randomBytes(16).toString('hex')}`;
    await foundOrganization(database, {
      organizationId: id,
      slug: `bench-${randomBytes(4).toString('hex')}`,
      name: `Bench ${n}`,
      at: new Date().toISOString(),
      commandId: v7(),
      administrator: { userId: v7(), name: 'Bench', email: `${id}@bench.localhost` },
      key: {
        apiKeyId: v7(),
        name: 'bench',
        prefix: key.slice(0, 8),
        hash: createHash('sha256').update(key).digest('hex'),
      },
    });
    founded.push({ id, key });
  }
  return founded;
}
