import { BlockList } from 'node:net';
import { v7 } from 'uuid';
import { type AccessLogOptions, createAccessLog } from '../../src/app/accessLog.ts';
import { createGuessing, type Guessing } from '../../src/app/guessing.ts';
import { createHandle, type Door } from '../../src/app/handle.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { createFeed } from '../../src/feed/createFeed.ts';
import type { Feed } from '../../src/feed/feed.ts';
import { buildSchema } from '../../src/graphql/schema.ts';
import type { IdentityRoom } from '../../src/identity/createIdentity.ts';
import { createLog } from '../../src/log.ts';
import { bootstrap } from '../../src/main/bootstrap.ts';
import { listen } from '../../src/main/listen.ts';
import { openIdentity } from '../../src/main/openIdentity.ts';
import { startBulkActions } from '../../src/main/startBulkActions.ts';
import { startScheduling } from '../../src/main/startScheduling.ts';
import { createLookUps } from '../../src/outbound/lookUps.ts';
import type { TokenSettings } from '../../src/server/tokenSettings.ts';
import type { Clock } from '../../src/store/clock.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { writeAccess } from '../../src/store/writeAccess.ts';
import { openTestDatabase, type TestDatabase } from './testDatabase.ts';

/** The API key a served Warroom is founded with. */
export const servingKey = 'serving-bootstrap-key-0123456789-abcdef';

/** Warroom whole, in this process, on a free port: real database, scheduler, HTTP and WebSocket. */
export interface Serving {
  readonly url: string;
  readonly database: TestDatabase;
  readonly clock: Clock;
  readonly handle: Door;
  readonly feed: Feed;
  readonly identity: IdentityRoom;
  stop(): Promise<void>;
}

/** The machine's clock, for tests that do not care. */
const machineClock: Clock = { now: () => new Date().toISOString() };

/** What a test may want to be different. */
export interface ServingOptions {
  /** One that the test moves. */
  readonly clock?: Clock;
  readonly trustedProxies?: BlockList;
  readonly tokens?: TokenSettings;
  readonly guessing?: Guessing;
  /** Other settings. */
  readonly config?: Partial<Config>;
  /** What the access log is written with. */
  readonly writeAccess?: AccessLogOptions['write'];
}

/** Serves a fresh database. */
export async function startServing(options: ServingOptions = {}): Promise<Serving> {
  const config = {
    ...readConfig({}),
    host: '127.0.0.1',
    port: 0,
    trustedProxies: options.trustedProxies ?? new BlockList(),
    tokens: options.tokens ?? null,
    ...options.config,
  };
  const log = createLog('silent');
  const clock = options.clock ?? machineClock;
  const database = await openTestDatabase();
  await bootstrap(database, clock, servingKey);
  const store = createPostgresStore(database);
  const feed = createFeed({ database, log });
  const handle: Door = createHandle({ store, clock, inbox: feed, log });
  const scheduler = startScheduling({ store, clock, handle, log });
  const lookUps = createLookUps();
  const { resolve } = lookUps;
  const bulkActions = startBulkActions({ config, database, clock, handle, inbox: feed, log, resolve });
  const reached = { url: config.publicUrl ?? '' };
  const guessing = options.guessing ?? createGuessing();
  const publicUrl = () => reached.url;
  const identity = await openIdentity({ config, database, clock, guessing, handle, log, publicUrl });
  const server = await listen({
    config,
    log,
    schema: buildSchema(),
    database,
    clock,
    feed,
    handle,
    identity,
    guessing,
    scheduler,
    bulkActions,
    resolve,
    accessLog: createAccessLog({
      write:
        options.writeAccess ?? ((organizationId, entries) => writeAccess(database, organizationId, entries)),
      onError: () => undefined,
    }),
    signHead: null,
    newRequestId: v7,
  });
  reached.url ||= server.url;
  return {
    url: server.url,
    database,
    identity,
    clock,
    handle,
    feed,
    async stop() {
      await server.stop();
      await bulkActions.stop();
      lookUps.stop();
      await scheduler.stop();
      await handle.drain();
      await feed.close();
      await database.drop();
    },
  };
}
