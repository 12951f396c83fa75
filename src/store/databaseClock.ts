import type { Instant } from '../domain/instant.ts';
import type { Log } from '../log.ts';
import type { Clock } from './clock.ts';
import type { Database } from './database.ts';

/** Milliseconds between two looks at the database's clock. */
const probeEveryMilliseconds = 1_000;

/** The clock, and what its owner may ask of it. */
export interface DatabaseClock extends Clock {
  /** Looks at the database's clock now, e.g. after a reconnect. @throws when the database cannot be reached. */
  probe(): Promise<void>;
  close(): void;
}

/**
 * The database's clock, read by the process: its last answer plus the monotonic time since. The process's own wall
 * clock is never asked, so instances whose clocks disagree still agree on what is due. Never goes backwards: when the
 * database's clock does, this one stands still until it has caught up.
 */
export async function openDatabaseClock(
  database: Pick<Database, 'asPlatform'>,
  log: Pick<Log, 'warn'>,
  monotonic: () => number = () => performance.now(),
): Promise<DatabaseClock> {
  /** Epoch milliseconds of the database at monotonic time 0. */
  let offset = Number.NEGATIVE_INFINITY;
  let latest = 0;
  let away = false;

  async function probe(): Promise<void> {
    const before = monotonic();
    const [row] = await database.asPlatform<{ at: string }>('select clock_timestamp() as at');
    const after = monotonic();
    if (row === undefined) return;
    // The database looked at its clock somewhere in between, usually near the end: the wait for a connection comes
    // first. So the offset is moved no further than into these bounds, and starts at the lower: never ahead.
    const at = Date.parse(row.at);
    offset = Math.min(Math.max(offset, at - after), at - before);
  }

  await probe();
  const timer = setInterval(() => {
    probe().then(
      () => {
        away = false;
      },
      (error: unknown) => {
        if (!away)
          log.warn({ err: error }, 'The database clock cannot be read; going by the monotonic clock');
        away = true;
      },
    );
  }, probeEveryMilliseconds);
  timer.unref();

  return {
    probe,
    now(): Instant {
      latest = Math.max(latest, Math.floor(offset + monotonic()));
      return new Date(latest).toISOString();
    },
    close: () => clearInterval(timer),
  };
}
