import type { Log } from '../log.ts';

const quietMilliseconds = 60_000;

/** Logs the first of a row of failures and then at most one a minute: an outage is one event, not one a second. */
export function outageLog(log: Pick<Log, 'error'>, message: string): (error: unknown) => void {
  let loggedAt = Number.NEGATIVE_INFINITY;
  return (error) => {
    if (performance.now() - loggedAt < quietMilliseconds) return;
    loggedAt = performance.now();
    log.error({ err: error }, message);
  };
}
