import type { Server, ServerResponse } from 'node:http';

/** Milliseconds between two looks. */
const every = 1_000;

/**
 * Cuts off event streams (SSE) whose client has taken nothing for `stuckAfter` milliseconds while something waits; it
 * comes back with its cursor. What waits is bounded anyway: a stream is pulled from, never pushed to. Answers how to
 * stop looking.
 */
export function cutStuckStreams(http: Server, stuckAfter = 10_000): () => void {
  const streams = new Map<ServerResponse, { waiting: number; since: number }>();
  http.prependListener('request', (_request, response) => {
    if (!String(_request.headers.accept ?? '').includes('text/event-stream')) return;
    streams.set(response, { waiting: 0, since: performance.now() });
    response.once('close', () => streams.delete(response));
  });
  const timer = setInterval(
    () => {
      const now = performance.now();
      for (const [response, seen] of streams) {
        const waiting = response.writableLength;
        if (waiting === 0 || waiting < seen.waiting) seen.since = now;
        seen.waiting = waiting;
        if (now - seen.since >= stuckAfter) response.destroy();
      }
    },
    Math.min(every, stuckAfter / 2),
  );
  timer.unref();
  return () => clearInterval(timer);
}
