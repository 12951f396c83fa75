import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { v7 } from 'uuid';
import { createLog } from '../../src/log.ts';
import type { Database } from '../../src/store/database.ts';
import { foundOrganization } from '../../src/store/foundOrganization.ts';
import { openDatabase } from '../../src/store/openDatabase.ts';

/** The server benchmarks run on. */
export const serverUrl = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/test';

/** A fresh database on the server, dropped when the work is done. */
export async function inFreshDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const name = `warroom_bench_${randomBytes(6).toString('hex')}`;
  const administration = new pg.Client({ connectionString: serverUrl });
  await administration.connect();
  await administration.query(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  try {
    return await work(url.href);
  } finally {
    await administration.query(`drop database if exists ${name} with (force)`);
    await administration.end();
  }
}

/** An organization with a key that may do everything. */
export interface BenchOrganization {
  readonly id: string;
  readonly key: string;
}

/** Opens the database past HTTP, for seeding. */
export function openForSeeding(databaseUrl: string | null, dataDirectory = '.'): Promise<Database> {
  return openDatabase({ databaseUrl, dataDirectory, log: createLog('silent') });
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
