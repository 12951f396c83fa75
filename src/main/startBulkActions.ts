import { v7 } from 'uuid';
import type { Handle } from '../app/answer.ts';
import { createBulkProgress } from '../app/bulkProgress.ts';
import { createBulkRunner } from '../app/bulkRunner.ts';
import { createSealing } from '../app/sealing.ts';
import type { Config } from '../config.ts';
import type { FeedInbox } from '../feed/entry.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import type { Log } from '../log.ts';
import type { Resolve } from '../outbound/outward.ts';
import { createPost } from '../outbound/post.ts';
import { createSendAction } from '../outbound/sendAction.ts';
import { createScheduler } from '../scheduler/scheduler.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import { outageLog } from './outageLog.ts';

/** Bulk actions being worked off. */
export type BulkActing = GraphQLContext['bulkActions'] & { stop(): Promise<void> };

/** Starts working bulk actions off: looks every second, and at once when one was begun here. */
export function startBulkActions({
  config,
  resolve,
  ...room
}: {
  readonly config: Pick<Config, 'secretKey' | 'outboundAllowed' | 'databaseUrl'>;
  readonly database: Database;
  readonly clock: Clock;
  readonly handle: Handle;
  readonly inbox: Pick<FeedInbox, 'ring'>;
  readonly log: Log;
  /** How names of hosts become addresses. */
  readonly resolve: Resolve;
}): BulkActing {
  const progress = createBulkProgress();
  const runner = createBulkRunner({
    ...room,
    progress,
    sealing: createSealing(config.secretKey),
    send: createSendAction(createPost(config.outboundAllowed, resolve)),
    newId: () => v7(),
    // The embedded database is one process's at a time.
    isAlone: config.databaseUrl === null,
  });
  const scheduler = createScheduler({
    now: () => room.clock.now(),
    run: () => runner.run(),
    onError: outageLog(room.log, 'Bulk actions cannot be claimed; trying again every second'),
  });
  scheduler.start();
  return {
    wake: () => scheduler.wake(room.clock.now()),
    listen: progress.listen,
    async stop() {
      await scheduler.stop();
      await runner.stop();
    },
  };
}
