import type { Handle } from '../app/answer.ts';
import { createDeadlineFiring } from '../app/fireDeadlines.ts';
import type { Log } from '../log.ts';
import { createScheduler } from '../scheduler/scheduler.ts';
import type { HealthChecks } from '../server/health.ts';
import type { Clock } from '../store/clock.ts';
import type { WriteStore } from '../store/port.ts';
import { outageLog } from './outageLog.ts';

/** Deadlines being fired. */
export interface Scheduling {
  /** Something is due at this instant: do not sleep past it. */
  wake(at: string): void;
  readonly health: HealthChecks['scheduler'];
  /** Claims nothing more; resolves when what was claimed has been carried out. */
  stop(): Promise<void>;
}

/** What the scheduler works with. */
export interface SchedulingOptions {
  readonly store: WriteStore;
  readonly clock: Clock;
  readonly handle: Handle;
  readonly log: Log;
}

/** Starts firing deadlines as they come due. */
export function startScheduling({ store, clock, handle, log }: SchedulingOptions): Scheduling {
  const firing = createDeadlineFiring({
    store,
    clock,
    handle,
    log,
    onRoom: () => scheduler.wake(clock.now()),
  });
  const scheduler = createScheduler({
    now: () => clock.now(),
    run: () => firing.fire(),
    onError: outageLog(log, 'Deadlines cannot be claimed; trying again every second'),
  });
  scheduler.start();
  return {
    wake: (at) => scheduler.wake(at),
    health: () => ({
      lastLookedAt: scheduler.lastTickAt,
      running: scheduler.isRunning,
      stuck: firing.stuck().length,
    }),
    async stop() {
      await scheduler.stop();
      await firing.settled();
    },
  };
}
