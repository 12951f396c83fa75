import { plusMinutes } from '../domain/instant.ts';
import type { Log } from '../log.ts';
import { createScheduler } from '../scheduler/scheduler.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import { sweep } from '../store/sweep.ts';
import { sweepAccessLog } from '../store/sweepAccessLog.ts';
import { outageLog } from './outageLog.ts';

const sweepEveryMinutes = 60;

/** What is swept, and how long the access log is kept. */
export interface SweepingOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  /** Months, 1 to 120. */
  readonly accessLogMonths: number;
  /** Days that an error is kept which no incident came of, 1 to 3,650. */
  readonly errorDays: number;
  /** Forgets sessions and links that hold no more. */
  readonly identity: { sweep(): Promise<void> };
}

/**
 * Forgets old answers to idempotency keys, changes, runs, results of bulk actions, errors without an incident, and
 * sessions and links that are over; makes the coming months of the access log and drops those it need not keep any more;
 * at once and then every hour.
 */
export function startSweeping(options: SweepingOptions): { stop(): Promise<void> } {
  const { database, clock, log, accessLogMonths, errorDays, identity } = options;
  const onAccessLogError = outageLog(log, 'The access log cannot be swept; trying again in an hour');
  const sweeper = createScheduler({
    now: () => clock.now(),
    run: async () => {
      // Neither waits for the other's trouble to be over.
      await sweepAccessLog(database, clock.now(), accessLogMonths).catch(onAccessLogError);
      await sweep(database, 'requests', clock.now());
      await sweep(database, 'clearings', clock.now());
      await sweep(database, 'changes', clock.now());
      await sweep(database, 'runs', clock.now());
      await sweep(database, 'bulkResults', clock.now());
      await sweep(database, 'errors', clock.now(), errorDays);
      await identity.sweep();
      return plusMinutes(clock.now(), sweepEveryMinutes);
    },
    onError: outageLog(log, 'What is over cannot be swept; trying again in an hour'),
    longestSleepMilliseconds: sweepEveryMinutes * 60_000,
  });
  sweeper.start();
  return sweeper;
}
