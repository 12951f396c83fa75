import type { Log } from '../log.ts';

/** What has been opened, to be closed in reverse. */
export interface Stops {
  push(name: string, stop: () => Promise<void>): void;
  /** Closes everything, last opened first; one that fails is logged and keeps no other open. Once only. */
  run(): Promise<void>;
}

/** Makes an empty list. */
export function createStops(log: Pick<Log, 'error'>): Stops {
  const stops: { name: string; stop: () => Promise<void> }[] = [];
  return {
    push: (name, stop) => void stops.push({ name, stop }),
    async run() {
      for (let last = stops.pop(); last; last = stops.pop()) {
        await last
          .stop()
          .catch((error: unknown) => log.error({ err: error }, `The ${last?.name} did not stop cleanly`));
      }
    },
  };
}
