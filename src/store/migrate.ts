import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { v7 } from 'uuid';
import { CannotStartError } from './cannotStart.ts';
import { ensureRoles } from './ensureRoles.ts';

/** What migrating needs of a connection: one session of its own, from first to last statement. */
export interface MigrationClient {
  query(sql: string, parameters?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

/** Prisma's own key, so that its command line and Warroom keep out of each other's way. */
const lockKey = 72_707_369;
const lockPollMilliseconds = 200;
const lockWaitMilliseconds = 60_000;

const migrationsDirectory = new URL('../../prisma/migrations/', import.meta.url);

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/**
 * Brings the database to this program's schema: makes the roles, then applies in order what is not applied yet, each
 * migration in one transaction, recorded in Prisma's own table. Instances may start together: one migrates, the others
 * wait up to 60 s. The connection's role is reset at the end.
 * @throws CannotStartError when the login may not, a migration was edited or failed, or the wait is over.
 */
export async function migrate(
  client: MigrationClient,
  log: (line: string) => void = () => {},
): Promise<void> {
  const migrations = await readMigrations();
  await refuseOldServer(client);
  await client.query('SET statement_timeout = 0');
  await takeLock(client);
  try {
    await ensureRoles(client);
    // Also a superuser's objects belong to the owner: what a role may do must not depend on who migrated.
    await client.query('SET ROLE warroom_owner');
    await client.query('SET search_path = warroom');
    await client.query(migrationTable);
    for (const migration of await pending(client, migrations, log)) {
      await apply(client, migration);
      log(`Applied migration ${migration.name}.`);
    }
  } finally {
    await client.query('RESET ROLE');
    await client.query('RESET search_path');
    await client.query('RESET statement_timeout');
    await client.query('SELECT pg_advisory_unlock($1)', [lockKey]);
  }
}

async function readMigrations(): Promise<Migration[]> {
  const entries = await readdir(migrationsDirectory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const path = fileURLToPath(new URL(`${name}/migration.sql`, migrationsDirectory));
      const sql = await readFile(path, 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function refuseOldServer(client: MigrationClient): Promise<void> {
  const { rows } = await client.query("SELECT current_setting('server_version_num')::int AS version");
  const version = Number(rows[0]?.version);
  if (version < 150_000) {
    throw new CannotStartError(
      `Warroom needs PostgreSQL 15 or newer; this server is ${Math.floor(version / 10_000)}.`,
    );
  }
}

/** Polls, because a session that waits inside PostgreSQL for the lock would block CREATE INDEX CONCURRENTLY. */
async function takeLock(client: MigrationClient): Promise<void> {
  const attempts = lockWaitMilliseconds / lockPollMilliseconds;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS taken', [lockKey]);
    if (rows[0]?.taken === true) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, lockPollMilliseconds));
  }
  throw new CannotStartError(
    `Another process has been migrating this database for ${lockWaitMilliseconds / 1000} s (advisory lock ` +
      `${lockKey}). Wait for it to finish, or end it, and start again.`,
  );
}

const migrationTable = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id varchar(36) PRIMARY KEY,
  checksum varchar(64) NOT NULL,
  finished_at timestamptz,
  migration_name varchar(255) NOT NULL,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz NOT NULL DEFAULT now(),
  applied_steps_count integer NOT NULL DEFAULT 0
)`;

async function pending(
  client: MigrationClient,
  migrations: readonly Migration[],
  log: (line: string) => void,
): Promise<Migration[]> {
  const { rows } = await client.query(
    `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished FROM _prisma_migrations
     WHERE rolled_back_at IS NULL ORDER BY migration_name`,
  );
  const applied = new Map(rows.map((row) => [String(row.migration_name), row]));
  for (const [name, row] of applied) {
    if (row.finished !== true) {
      throw new CannotStartError(
        `Migration ${name} failed half-way earlier. Repair the database, then mark it in ` +
          'warroom._prisma_migrations: finished_at if it is complete, rolled_back_at if it is undone.',
      );
    }
    const known = migrations.find((migration) => migration.name === name);
    if (known === undefined) {
      log(
        `The database has migration ${name}, which this program does not know: a newer Warroom migrated it.`,
      );
    } else if (known.checksum !== row.checksum) {
      throw new CannotStartError(
        `Migration ${name} was edited after this database applied it (checksum differs). Restore the file; ` +
          'changes go into a new migration.',
      );
    }
  }
  return migrations.filter((migration) => !applied.has(migration.name));
}

async function apply(client: MigrationClient, migration: Migration): Promise<void> {
  const id = v7();
  await client.query('BEGIN');
  try {
    await client.query('INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)', [
      id,
      migration.checksum,
      migration.name,
    ]);
    await client.query(migration.sql);
    await client.query(
      'UPDATE _prisma_migrations SET finished_at = clock_timestamp(), applied_steps_count = 1 WHERE id = $1',
      [id],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    const reason = error instanceof Error ? error.message : String(error);
    throw new CannotStartError(`Migration ${migration.name} failed and was undone: ${reason}`);
  }
}
