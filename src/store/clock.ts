import type { Instant } from '../domain/instant.ts';

/** The one clock: the database's, read by the process. Everything that needs an instant is given one of these. */
export interface Clock {
  now(): Instant;
}
