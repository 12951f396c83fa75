import type { ServerResponse } from 'node:http';

/** Looks after open event streams (SSE). */
export interface StreamWatch {
  /** The response carries an event stream now. */
  add(response: ServerResponse): void;
  /** Cuts off every stream: their clients come back, elsewhere or later, with their cursors. */
  stop(): void;
}

/**
 * Cuts off streams whose client has taken nothing for `stuckAfter` milliseconds while something waits. What waits is
 * bounded anyway: a stream is pulled from, never pushed to. One timer for all.
 */
export function watchStreams(stuckAfter: number): StreamWatch {
  const streams = new Map<ServerResponse, { waiting: number; since: number }>();
  const look = (): void => {
    const now = performance.now();
    for (const [response, seen] of streams) {
      const waiting = response.writableLength;
      if (waiting === 0 || waiting < seen.waiting) seen.since = now;
      seen.waiting = waiting;
      if (now - seen.since >= stuckAfter) response.destroy();
    }
  };
  const timer = setInterval(look, Math.min(1_000, stuckAfter / 2)).unref();

  return {
    add(response) {
      streams.set(response, { waiting: 0, since: performance.now() });
      response.once('close', () => streams.delete(response));
    },
    stop() {
      clearInterval(timer);
      for (const response of [...streams.keys()]) response.destroy();
    },
  };
}
