import type { Log } from '../log.ts';

/** When the database is away every group tries again and again: one line every few seconds says as much. */
export function failureLog(log: Pick<Log, 'error'>): (error: unknown, requestId?: string) => void {
  const every = 5_000;
  let quietUntil = 0;
  let unsaid = 0;
  return (error: unknown, requestId?: string): void => {
    unsaid += 1;
    if (performance.now() < quietUntil) return;
    quietUntil = performance.now() + every;
    log.error({ requestId, err: error, failures: unsaid }, 'Subscriptions failed unexpectedly');
    unsaid = 0;
  };
}
