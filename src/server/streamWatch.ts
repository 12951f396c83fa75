import type { EventStream } from './eventStream.ts';

/** Looks after open event streams (SSE). */
export interface StreamWatch {
  add(stream: EventStream): void;
  /**
   * Ends every stream: their clients come back, elsewhere or later, with their cursors. Resolves when all are gone;
   * whoever does not take what was written within 2 s is cut off.
   */
  stop(): Promise<void>;
}

/** When what happens to streams, in milliseconds. */
export interface StreamTimes {
  /** How long one may be full without its client taking anything, before it is cut off. */
  readonly stuckAfter: number;
  /** Between two comments that keep it alive. */
  readonly pingEvery: number;
}

/** Milliseconds a stream that was ended has for its client to take what was written. */
const endWithin = 2_000;

/**
 * Between the last event and the end, in milliseconds: graphql-sse's client waits for ever when both reach it at once.
 * Source: its 2.6.1, where the end of a response only counts while someone waits for a result.
 */
const pauseBeforeEnd = 100;

interface Seen {
  waiting: number;
  since: number;
  pingAt: number;
}

/** Pings streams, and cuts off those whose client takes nothing while something waits. One timer for all. */
export function watchStreams({ stuckAfter, pingEvery }: StreamTimes): StreamWatch {
  const streams = new Map<EventStream, Seen>();
  const look = (): void => {
    const now = performance.now();
    for (const [stream, seen] of streams) {
      // What waits is bounded anyway: a stream that is full is written nothing.
      const waiting = stream.response.writableLength;
      if (waiting === 0 || waiting < seen.waiting) seen.since = now;
      seen.waiting = waiting;
      if (now - seen.since >= stuckAfter) stream.response.destroy();
      else if (now >= seen.pingAt) {
        seen.pingAt = now + pingEvery;
        stream.ping();
      }
    }
  };
  const timer = setInterval(look, Math.min(1_000, stuckAfter / 2, pingEvery)).unref();
  const gone = async (milliseconds: number): Promise<void> => {
    const until = performance.now() + milliseconds;
    while (streams.size > 0 && performance.now() < until) await pause(20);
  };

  return {
    add(stream) {
      const now = performance.now();
      streams.set(stream, { waiting: 0, since: now, pingAt: now + pingEvery });
      stream.response.once('close', () => streams.delete(stream));
    },
    async stop() {
      clearInterval(timer);
      for (const stream of streams.keys()) stream.quiet();
      if (streams.size > 0) await pause(pauseBeforeEnd);
      for (const stream of streams.keys()) stream.end();
      await gone(endWithin);
      for (const stream of streams.keys()) stream.response.destroy();
    },
  };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
