type CleanUp = () => Promise<void> | void;

const pending = new Set<CleanUp>();
let ending = false;

/** Does the work, then cleans up, also when the work fails or a signal ends the program. */
export async function withCleanUp<T>(cleanUp: CleanUp, work: () => Promise<T>): Promise<T> {
  pending.add(cleanUp);
  try {
    return await work();
  } finally {
    // What fails once a signal came fails because of it; the signal's own clean-up is at work, in order.
    if (ending) await new Promise(() => undefined);
    if (pending.delete(cleanUp)) await cleanUp();
  }
}

/** Cleans up all that is still open, latest first; what fails is said and keeps nothing else from being cleaned up. */
export async function cleanUpAll(): Promise<void> {
  for (const cleanUp of [...pending].reverse()) {
    pending.delete(cleanUp);
    try {
      await cleanUp();
    } catch (error) {
      console.error('Not cleaned up:', error);
    }
  }
}

/** From now on SIGINT and SIGTERM clean up and end the program; a second one ends it at once. */
export function cleanUpOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (ending) process.exit(1);
      ending = true;
      console.error('Stopping: cleaning up …');
      void cleanUpAll().then(() => process.exit(130));
    });
  }
}
