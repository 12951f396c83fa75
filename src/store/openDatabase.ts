import pg from 'pg';
import type { Log } from '../log.ts';
import { CannotStartError } from './cannotStart.ts';
import { checkRowLevelSecurity } from './checkRowLevelSecurity.ts';
import type { Database, Row } from './database.ts';
import { createDoorbellConnection } from './doorbellConnection.ts';
import { type EmbeddedSettings, startEmbedded } from './embedded.ts';
import { migrate } from './migrate.ts';
import {
  type ConnectionPool,
  connectionSettings,
  createPool,
  type DatabaseRole,
  type PoolQuery,
} from './pool.ts';
import { createReadClients } from './readClients.ts';
import { serverConnection } from './serverConnection.ts';

/** Which database to open. */
export interface DatabaseSettings extends EmbeddedSettings {
  /** A PostgreSQL server's URL; null for the embedded database in `dataDirectory`. */
  readonly databaseUrl: string | null;
  readonly log: Log;
  /** False: use it as it is; one that is not at this program's schema may then fail anywhere. */
  readonly migrate?: boolean;
}

/**
 * Opens the database, embedded or a server, migrates it, and checks that row-level security binds us.
 * @throws CannotStartError when it cannot be used as it is.
 */
export async function openDatabase(settings: DatabaseSettings): Promise<Database> {
  if (settings.databaseUrl !== null) {
    return connectTo(serverConnection(settings.databaseUrl), 'server', settings, async () => undefined);
  }
  const embedded = await startEmbedded(settings);
  return connectTo(embedded.connection, 'embedded', settings, embedded.close);
}

async function connectTo(
  connection: pg.ClientConfig,
  mode: Database['mode'],
  { log, migrate: toMigrate = true }: DatabaseSettings,
  stop: () => Promise<void>,
): Promise<Database> {
  const onConnectionLost = (error: Error): void => {
    log.warn({ err: error }, 'A database connection was lost; it is replaced when needed');
  };
  const pool = createPool({ connection, max: mode === 'embedded' ? 1 : 10, onConnectionLost });
  const readClients = createReadClients(pool);
  const doorbell = createDoorbellConnection(connection, onConnectionLost);
  async function rowsAs<R extends Row>(
    role: DatabaseRole,
    organizationId: string,
    text: string,
    values: readonly unknown[] = [],
    name?: string,
  ): Promise<R[]> {
    const named = name === undefined ? {} : { name: `warroom-${name}` };
    return (await pool.run<R>({ role, organizationId }, { ...named, text, values: [...values] })).rows;
  }
  const database: Database = {
    mode,
    for: readClients.for,
    asOrganization: (organizationId, sql, parameters, name) =>
      rowsAs('warroom_app', organizationId, sql, parameters, name),
    async callAsOrganization(organizationId, name, parameters) {
      const identity = { role: 'warroom_app', organizationId } as const;
      const { rows } = await pool.run<{ answer: unknown }>(
        identity,
        callOf(name, [organizationId, ...parameters]),
      );
      return rows[0]?.answer;
    },
    asPlatform: (sql, parameters) => rowsAs('warroom_platform', '', sql, parameters),
    asIdentity: (sql, parameters) => rowsAs('warroom_identity', '', sql, parameters),
    tend: (statement) => tendAsOwner(pool, statement),
    notify: mode === 'embedded' ? async () => undefined : (payload) => doorbell.notify(payload),
    listen:
      mode === 'embedded' ? async () => async () => undefined : (onPayload) => doorbell.listen(onPayload),
    async close() {
      await doorbell.close();
      await readClients.close();
      await pool.close();
      await stop();
    },
  };
  try {
    if (toMigrate) await migrateThrough(connection, log);
    await checkRowLevelSecurity(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/**
 * Rows looked at for each column are 300 times this: a tenth of the usual, because everybody waits. Our statements
 * leave the planner little to choose.
 */
const statisticsTarget = 10;

async function tendAsOwner(pool: ConnectionPool, statement: string): Promise<void> {
  const owner = { role: 'warroom_owner', organizationId: '' } as const;
  await pool.run(owner, { text: `SET default_statistics_target TO ${statisticsTarget}` });
  await pool.run(owner, { text: statement });
}

/**
 * A call that first makes the connection act for the organization, its first parameter: what is in FROM is done before
 * the call, and OFFSET 0 keeps it there. Named, because it is the same statement every time.
 */
function callOf(name: string, [organizationId, ...parameters]: readonly unknown[]): PoolQuery {
  const placeholders = parameters.map((_, index) => `$${index + 2}`).join(', ');
  return {
    name: `warroom-${name}`,
    text: `SELECT warroom.${name}(${placeholders}) AS answer
      FROM (SELECT set_config('warroom.organization', $1, false) OFFSET 0) AS acting`,
    values: [organizationId, ...parameters],
    setsOrganization: true,
  };
}

/** What happened, and what helps where the words alone would not say so. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  if (/SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)/.test(code ?? '')) {
    return `${message}. If it is to be trusted, name its authority's file: sslrootcert in DATABASE_URL.`;
  }
  if (message.includes('does not support SSL')) {
    return `${message}. sslmode=disable in DATABASE_URL goes without.`;
  }
  return message;
}

/** Migrates on a connection of its own, without the pool's time limits. */
async function migrateThrough(connection: pg.ClientConfig, log: Log): Promise<void> {
  const client = new pg.Client(connectionSettings(connection));
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    const where = client.host.startsWith('/') ? client.host : `${client.host}:${client.port}`;
    throw new CannotStartError(`The database at ${where} cannot be reached: ${reasonOf(error)}`);
  }
  try {
    await migrate(client, (line) => log.info(line));
  } finally {
    await client.end().catch(() => undefined);
  }
}
