import type { Instant } from '../../src/domain/instant.ts';
import type { Clock } from '../../src/store/clock.ts';

/** A clock that stands still until it is told otherwise; it may also be set back. */
export interface FakeClock extends Clock {
  set(at: Instant): void;
  advance(milliseconds: number): void;
}

/** A clock that begins at `start`. */
export function fakeClock(start: Instant = '2026-01-01T00:00:00.000Z'): FakeClock {
  let milliseconds = Date.parse(start);
  return {
    now: () => new Date(milliseconds).toISOString(),
    set(at) {
      milliseconds = Date.parse(at);
    },
    advance(by) {
      milliseconds += by;
    },
  };
}
