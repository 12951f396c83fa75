import { setTimeout as pauseFor } from 'node:timers/promises';

/** Waits so many milliseconds, or until the signal ends it; never throws. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await pauseFor(milliseconds, undefined, { signal }).catch(() => {});
}
