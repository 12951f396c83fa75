import { plusMinutes } from '../domain/instant.ts';
import type { Log } from '../log.ts';
import { createScheduler } from '../scheduler/scheduler.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import { sweepRequests } from '../store/sweepRequests.ts';
import { outageLog } from './outageLog.ts';

const sweepEveryMinutes = 60;

/** Forgets old answers to idempotency keys, at once and then every hour. */
export function startSweeping(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
}): { stop(): Promise<void> } {
  const { database, clock, log } = options;
  const sweeper = createScheduler({
    now: () => clock.now(),
    run: async () => {
      await sweepRequests(database, clock.now());
      return plusMinutes(clock.now(), sweepEveryMinutes);
    },
    onError: outageLog(log, 'Old answers to idempotency keys cannot be swept; trying again in an hour'),
    longestSleepMilliseconds: sweepEveryMinutes * 60_000,
  });
  sweeper.start();
  return sweeper;
}
