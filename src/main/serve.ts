import { v7 } from 'uuid';
import { type AccessLog, createAccessLog } from '../app/accessLog.ts';
import { foundPlatform } from '../app/foundPlatform.ts';
import { createGuessing } from '../app/guessing.ts';
import { createHandle } from '../app/handle.ts';
import type { Config } from '../config.ts';
import { createFeed } from '../feed/createFeed.ts';
import { buildSchema } from '../graphql/schema.ts';
import type { Log } from '../log.ts';
import { createLookUps } from '../outbound/lookUps.ts';
import type { Database } from '../store/database.ts';
import { openDatabaseClock } from '../store/databaseClock.ts';
import { createHeadSigner } from '../store/headSigner.ts';
import { createPostgresStore } from '../store/postgresStore.ts';
import { writeAccess } from '../store/writeAccess.ts';
import { bootstrap, isEmpty } from './bootstrap.ts';
import { listen } from './listen.ts';
import { lookAfterEmbedded } from './lookAfterEmbedded.ts';
import { openIdentity } from './openIdentity.ts';
import { outageLog } from './outageLog.ts';
import { startBulkActions } from './startBulkActions.ts';
import { startScheduling } from './startScheduling.ts';
import { startSweeping } from './startSweeping.ts';
import { startUpkeep } from './startUpkeep.ts';
import { createStops, type Stops } from './stops.ts';

/** A Warroom that serves. */
export interface RunningWarroom {
  readonly url: string;
  /** The first API key and the administrator's sign-in link, when this start founded the first organization. */
  readonly first: { readonly key: string; readonly signInLink: string } | null;
  /** Takes nothing more, finishes what was accepted, and closes everything; resolves when all is closed. */
  stop(): Promise<void>;
}

/**
 * Puts everything on top of the database, in the order each needs the one before, and listens. `opening`: the database
 * of these settings; it is ours to close from now on.
 * @throws CannotStartError or CommandError, with nothing left open.
 */
export async function serve(config: Config, log: Log, opening: Promise<Database>): Promise<RunningWarroom> {
  const stops = createStops(log);
  try {
    // One that could not be opened has closed itself.
    stops.push('database', async () => void (await (await opening.catch(() => null))?.close()));
    // The schema is this thread's work, and the database mostly another's: it is at it meanwhile.
    const schema = buildSchema();
    const database = await opening;
    const clock = await openDatabaseClock(database, log);
    stops.push('clock', async () => clock.close());
    await foundPlatform(database, clock);
    const store = createPostgresStore(database);
    const feed = createFeed({ database, log });
    stops.push('feed', () => feed.close());
    const alarm = { wake: (_at: string): void => undefined };
    const handle = createHandle({ store, clock, inbox: feed, log, wake: (at) => alarm.wake(at) });
    stops.push('queues', () => handle.drain());
    const reached = { url: config.publicUrl };
    const publicUrl = () => reached.url ?? 'http://localhost';
    const guessing = createGuessing();
    const parts = { config, database, clock, guessing, handle, log, publicUrl };
    const identity = await openIdentity(parts);
    // Asked before those that look after what is due begin to ask: every answer would be waited for.
    const empty = await isEmpty(database);
    const scheduler = startScheduling({ store, clock, handle, log });
    alarm.wake = scheduler.wake;
    const { bulkActions, resolve } = reachOut({ ...parts, inbox: feed }, stops);
    stops.push('scheduler', () => scheduler.stop());
    if (database.mode === 'embedded') await lookAfterEmbedded({ ...parts, identity, stops });
    keepInOrder({ ...config, database, clock, log, identity }, stops);
    const signHead = config.signingKey ? createHeadSigner(config.signingKey) : null;
    const listening = {
      ...parts,
      schema,
      feed,
      identity,
      scheduler,
      bulkActions,
      resolve,
      accessLog: openAccessLog(database, log),
      signHead,
      newRequestId: v7,
    };
    const server = await listen(listening);
    stops.push('server', () => server.stop());
    reached.url ??= server.url;
    // Last: a start that fails, on a port that is taken say, has not used up the only showing of the first key.
    const founded = empty ? await bootstrap(database, clock, config.bootstrapKey) : null;
    const first = founded && {
      key: founded.key,
      signInLink: await identity.signInLink(founded.administratorId),
    };
    // Whoever signs in first need not wait for it, and gets it of this version, also when another is built meanwhile.
    soon(identity.auth).catch(outageLog(log, 'Sign-in cannot be loaded'));
    return { url: server.url, first, stop: stops.run };
  } catch (error) {
    await stops.run();
    throw error;
  }
}

/** What asks programs of others; names they are known by are looked up apart from everything of ours. */
function reachOut(parts: Omit<Parameters<typeof startBulkActions>[0], 'resolve'>, stops: Stops) {
  const lookUps = createLookUps();
  stops.push('looking names up', async () => lookUps.stop());
  const { resolve } = lookUps;
  const bulkActions = startBulkActions({ ...parts, resolve });
  stops.push('bulk actions', () => bulkActions.stop());
  return { bulkActions, resolve };
}

/** What tends the tables, and what takes away what need not be kept. */
function keepInOrder(parts: Parameters<typeof startSweeping>[0], stops: Stops): void {
  const upkeep = startUpkeep(parts);
  stops.push('upkeep', () => upkeep.stop());
  const sweeping = startSweeping(parts);
  stops.push('sweeping', () => sweeping.stop());
}

function openAccessLog(database: Database, log: Log): AccessLog {
  return createAccessLog({
    write: (organizationId, entries) => writeAccess(database, organizationId, entries),
    onError: outageLog(log, 'The access log cannot be written; what it must keep is refused'),
  });
}

/** In a moment, after what is to be begun first. */
async function soon<T>(work: () => T): Promise<T> {
  await new Promise((resolve) => setImmediate(resolve));
  return work();
}
