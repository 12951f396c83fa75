import { v7 } from 'uuid';
import { type AccessLog, createAccessLog } from '../app/accessLog.ts';
import { foundPlatform } from '../app/foundPlatform.ts';
import { createGuessing } from '../app/guessing.ts';
import { createHandle } from '../app/handle.ts';
import type { Config } from '../config.ts';
import { createFeed } from '../feed/createFeed.ts';
import type { Log } from '../log.ts';
import type { Database } from '../store/database.ts';
import { openDatabaseClock } from '../store/databaseClock.ts';
import { createHeadSigner } from '../store/headSigner.ts';
import { openDatabase } from '../store/openDatabase.ts';
import { createPostgresStore } from '../store/postgresStore.ts';
import { writeAccess } from '../store/writeAccess.ts';
import { bootstrap } from './bootstrap.ts';
import { listen } from './listen.ts';
import { lookAfterEmbedded } from './lookAfterEmbedded.ts';
import { openIdentity } from './openIdentity.ts';
import { outageLog } from './outageLog.ts';
import { startBulkActions } from './startBulkActions.ts';
import { startScheduling } from './startScheduling.ts';
import { startSweeping } from './startSweeping.ts';
import { startUpkeep } from './startUpkeep.ts';
import { createStops } from './stops.ts';

/** A Warroom that serves. */
export interface RunningWarroom {
  readonly url: string;
  /** The first API key and the administrator's sign-in link, when this start founded the first organization. */
  readonly first: { readonly key: string; readonly signInLink: string } | null;
  /** Takes nothing more, finishes what was accepted, and closes everything; resolves when all is closed. */
  stop(): Promise<void>;
}

/** The door of the embedded database for the other commands of the command line. */
/**
 * Opens the database and everything on top of it, in the order each needs the one before, and listens.
 * @throws CannotStartError or CommandError, with nothing left open.
 */
export async function serve(config: Config, log: Log): Promise<RunningWarroom> {
  const stops = createStops(log);
  try {
    const database = await openDatabase({ ...config, log });
    stops.push('database', () => database.close());
    const clock = await openDatabaseClock(database, log);
    stops.push('clock', async () => clock.close());
    await foundPlatform(database, clock);
    const store = createPostgresStore(database);
    const feed = createFeed({ database, log });
    stops.push('feed', () => feed.close());
    const alarm = { wake: (_at: string): void => undefined };
    const handle = createHandle({ store, clock, inbox: feed, log, wake: (at) => alarm.wake(at) });
    stops.push('queues', () => handle.drain());
    const scheduler = startScheduling({ store, clock, handle, log });
    alarm.wake = scheduler.wake;
    const bulkActions = startBulkActions({ config, database, clock, handle, log });
    stops.push('bulk actions', () => bulkActions.stop());
    stops.push('scheduler', () => scheduler.stop());
    const reached = { url: config.publicUrl };
    const publicUrl = () => reached.url ?? 'http://localhost';
    const guessing = createGuessing();
    const parts = { config, database, clock, guessing, handle, log, publicUrl };
    const identity = await openIdentity(parts);
    if (database.mode === 'embedded') await lookAfterEmbedded({ ...parts, identity, stops });
    const upkeep = startUpkeep(parts);
    stops.push('upkeep', () => upkeep.stop());
    const sweeping = startSweeping({ ...config, database, clock, log, identity });
    stops.push('sweeping', () => sweeping.stop());
    const signHead = config.signingKey ? createHeadSigner(config.signingKey) : null;
    const accessLog = openAccessLog(database, log);
    const listening = {
      ...parts,
      feed,
      identity,
      scheduler,
      bulkActions,
      accessLog,
      signHead,
      newRequestId: v7,
    };
    const server = await listen(listening);
    stops.push('server', () => server.stop());
    reached.url ??= server.url;
    // Last: a start that fails, on a port that is taken say, has not used up the only showing of the first key.
    const founded = await bootstrap(database, clock, config.bootstrapKey);
    const first = founded && {
      key: founded.key,
      signInLink: await identity.signInLink(founded.administratorId),
    };
    return { url: server.url, first, stop: stops.run };
  } catch (error) {
    await stops.run();
    throw error;
  }
}

function openAccessLog(database: Database, log: Log): AccessLog {
  return createAccessLog({
    write: (organizationId, entries) => writeAccess(database, organizationId, entries),
    onError: outageLog(log, 'The access log cannot be written; what it must keep is refused'),
  });
}
