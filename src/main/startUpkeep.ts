import { plusMilliseconds } from '../domain/instant.ts';
import type { Log } from '../log.ts';
import { createScheduler } from '../scheduler/scheduler.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import { tend } from '../store/upkeep.ts';
import { outageLog } from './outageLog.ts';

/**
 * Milliseconds between two looks when nothing is due; and at first, for so long, as what has just begun to fill is
 * planned blindly until it is analyzed.
 */
const lookEvery = 60_000;
const atFirst = { lookEvery: 2_000, for: 600_000 };

/**
 * After a step it rests for so many times as long as the step took, and at least for so many milliseconds: in the embedded
 * database everybody waits for a step, on a server nobody does.
 */
const rest = { times: 20, least: { embedded: 1_000, server: 20 } };

/** Keeps the database as {@link tend} has it, a table at a time, at most a twentieth of the time. */
export function startUpkeep(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
}): { stop(): Promise<void> } {
  const { database, clock, log } = options;
  const startedAt = performance.now();
  const upkeep = createScheduler({
    now: () => clock.now(),
    run: async () => {
      const began = performance.now();
      const step = await tend(database);
      const milliseconds = performance.now() - began;
      if (step !== null) log.debug({ ...step, milliseconds }, 'A table of the database was tended');
      const idle = began - startedAt < atFirst.for ? atFirst.lookEvery : lookEvery;
      const pause = step === null ? idle : Math.max(rest.least[database.mode], rest.times * milliseconds);
      return plusMilliseconds(clock.now(), Math.ceil(pause));
    },
    onError: outageLog(log, 'The database cannot be tended; trying again every minute'),
    longestSleepMilliseconds: lookEvery,
  });
  upkeep.start();
  return upkeep;
}
