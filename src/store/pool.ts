import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DatabaseBusyError } from './databaseBusy.ts';

/** The three roles the program acts as; its login only ever switches to one of them. */
export type DatabaseRole =
  | 'warroom_app'
  | 'warroom_platform'
  | 'warroom_identity'
  /** For upkeep alone. */
  | 'warroom_owner';

/** Who a connection acts as: what row-level security sees. */
export interface Identity {
  readonly role: DatabaseRole;
  /** Empty text: no organization, so nothing of any tenant is visible. */
  readonly organizationId: string;
}

/** What a pool is made of. */
export interface PoolSettings {
  readonly connection: pg.ClientConfig;
  /** Connections at most: 10 on a server, 1 embedded (its clients share one session). */
  readonly max: number;
  /** Told of every connection lost; never throws. */
  readonly onConnectionLost: (error: Error) => void;
}

/** One statement for the pool. */
export interface PoolQuery extends pg.QueryConfig {
  /** It sets `warroom.organization` to the identity's before it does anything: no switch of its own is needed. */
  readonly setsOrganization?: boolean;
}

/** The one pool of connections; everything goes through a checkout that makes the connection act as `identity`. */
export interface ConnectionPool {
  /**
   * One statement. @throws pg.DatabaseError from the database, a plain Error when the connection was lost, or
   * DatabaseBusyError when no connection came free within 5 s.
   */
  run<R extends pg.QueryResultRow>(identity: Identity, query: PoolQuery): Promise<pg.QueryResult<R>>;
  /** A connection acting as `identity`; the caller must release it. */
  checkout(identity: Identity): Promise<pg.PoolClient>;
  close(): Promise<void>;
}

/** Milliseconds a checkout keeps trying while the database cannot be reached (a restart); nothing has been done yet. */
const reachWithinMilliseconds = 2_000;

/**
 * A live server answers within statement_timeout (10 s), so silence for longer means a dead connection. Keepalive
 * (below) sees a dead idle one; this sees one that died with a statement on its way. Together: noticed within 15 s.
 */
const answerWithinMilliseconds = 12_000;

const becomeStatement = {
  name: 'warroom-identity',
  text: "select set_config('role', $1, false), set_config('warroom.organization', $2, false)",
};

const sessionSettings = [
  // Clients of the embedded database share one session, in which the last one's statements live on.
  'deallocate all',
  "set timezone to 'UTC'",
  "set datestyle to 'ISO'",
  "set statement_timeout to '10s'",
  "set lock_timeout to '2s'",
  "set idle_in_transaction_session_timeout to '10s'",
].join('; ');

/** Connection settings every connection of ours has: keepalive and the types `Row` promises. */
export function connectionSettings(connection: pg.ClientConfig): pg.ClientConfig {
  return {
    application_name: 'warroom',
    // Node probes an idle socket after this and then once a second, ten times: dead within 14 s.
    keepAlive: true,
    keepAliveInitialDelayMillis: 4_000,
    connectionTimeoutMillis: 5_000,
    types: { getTypeParser: parserOf },
    ...connection,
  };
}

/** Makes the pool; connects on first use. */
export function createPool(settings: PoolSettings): ConnectionPool {
  const pool = new pg.Pool({
    ...connectionSettings(settings.connection),
    max: settings.max,
    query_timeout: answerWithinMilliseconds,
    // A connection is worth keeping for the organization it is set to.
    idleTimeoutMillis: 60_000,
    onConnect: async (client) => {
      await client.query(sessionSettings);
    },
  });
  // Without listeners a lost connection would end the process.
  pool.on('error', settings.onConnectionLost);
  return new ActingPool(pool);
}

class ActingPool implements ConnectionPool {
  readonly #pool: pg.Pool;
  readonly #actingAs = new WeakMap<pg.ClientBase, Identity>();

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  checkout(identity: Identity): Promise<pg.PoolClient> {
    return this.#checkout(identity, false);
  }

  /** `anyOrganization`: the role is enough, as the organization comes with the statement. */
  #checkout(identity: Identity, anyOrganization: boolean): Promise<pg.PoolClient> {
    const { role, organizationId } = identity;
    return whileUnreachable(async () => {
      const client = await this.#connect(identity);
      const now = this.#actingAs.get(client);
      if (now?.role === role && (anyOrganization || now.organizationId === organizationId)) return client;
      this.#actingAs.delete(client);
      try {
        await client.query({ ...becomeStatement, values: [role, organizationId] });
      } catch (error) {
        client.release(true);
        throw error;
      }
      this.#actingAs.set(client, identity);
      return client;
    });
  }

  async run<R extends pg.QueryResultRow>(
    identity: Identity,
    { setsOrganization = false, ...query }: PoolQuery,
  ): Promise<pg.QueryResult<R>> {
    const client = await this.#checkout(identity, setsOrganization);
    try {
      const result = await client.query<R>(query);
      if (setsOrganization) this.#actingAs.set(client, identity);
      client.release();
      return result;
    } catch (error) {
      client.release(error as Error);
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  /** A connection that forgets whom it acts as when released with an error, and is dropped if that broke it. */
  async #connect({ role, organizationId }: Identity): Promise<pg.PoolClient> {
    preferIdle(this.#pool, (idle) => {
      const now = this.#actingAs.get(idle);
      return now?.role === role ? (now.organizationId === organizationId ? 'exactly' : 'nearly') : 'not';
    });
    const client = await this.#pool.connect().catch((error: Error) => {
      // pg-pool's words for having waited in vain; a connection that cannot be made has others.
      throw error.message === 'timeout exceeded when trying to connect' ? new DatabaseBusyError() : error;
    });
    const release = client.release;
    const onError = (): void => {
      this.#actingAs.delete(client);
    };
    client.on('error', onError);
    client.release = (error) => {
      client.removeListener('error', onError);
      if (error) this.#actingAs.delete(client);
      release.call(client, isOnlyRefusal(error) ? undefined : error);
    };
    return client;
  }
}

/** The database said no (SQLSTATE): the connection itself is fine, unless what it said is that it is going away. */
function isOnlyRefusal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !/^(08|57P|XX)/.test(error.code ?? '');
}

/** Tries again while the database is away (a restart); only for what has done nothing yet. */
async function whileUnreachable<T>(attempt: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + reachWithinMilliseconds;
  for (let pause = 25; ; pause = Math.min(pause * 2, 250)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isUnreachable(error) || performance.now() + pause > giveUpAt) throw error;
      await sleep(pause);
    }
  }
}

/** Refused, reset, ended under us, or still starting or stopping: worth another try. */
function isUnreachable(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === 'string') return /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|57P0[123])$/.test(code);
  return typeof message === 'string' && message.startsWith('Connection terminated');
}

/**
 * pg-pool hands out the idle connection at the end of its list; put the one there that fits best. The list is not
 * public API: without it the only loss is a statement to switch the connection.
 */
function preferIdle(pool: pg.Pool, fits: (client: pg.ClientBase) => 'exactly' | 'nearly' | 'not'): void {
  const idle = (pool as unknown as { _idle?: { client: pg.ClientBase }[] })._idle;
  if (!Array.isArray(idle) || idle.length < 2) return;
  const fitting = (wanted: 'exactly' | 'nearly') =>
    idle.findLastIndex((item) => fits(item.client) === wanted);
  const exact = fitting('exactly');
  const best = exact < 0 ? fitting('nearly') : exact;
  if (best < 0 || best === idle.length - 1) return;
  idle.push(...idle.splice(best, 1));
}

const timestamptz = 1184;
const timestamptzArray = 1185;

function parserOf(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === timestamptz) return instantFrom;
  if (oid === timestamptzArray) {
    return (text) =>
      (arrayOfText(text) as (string | null)[]).map((item) => (item === null ? null : instantFrom(item)));
  }
  return pg.types.getTypeParser(oid as Parameters<typeof pg.types.getTypeParser>[0], format as 'text') as (
    value: string,
  ) => unknown;
}

const textArray = 1009;
const arrayOfText = parserOf(textArray) as (text: string) => unknown;

/** `2026-11-20 19:00:00.12+00`, as PostgreSQL writes it in UTC, as an Instant. Microseconds are cut, not rounded. */
export function instantFrom(text: string): string {
  const parts = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00$/.exec(text);
  if (!parts) throw new Error(`The database sent an instant that is not in UTC: ${text}`);
  return `${parts[1]}T${parts[2]}.${(parts[3] ?? '').padEnd(3, '0').slice(0, 3)}Z`;
}
