import { type Instant, plusMilliseconds } from '../domain/instant.ts';
import type { Clock } from '../store/clock.ts';

/** Answers to idempotency keys are kept this long: 7 days. Source: api.graphql, Conventions. */
export const requestsKeptMilliseconds = 7 * 24 * 3_600_000;

/** How often old answers are looked for: hourly. */
export const sweepEveryMilliseconds = 3_600_000;

/** Records taken away by one statement. */
const pageSize = 5_000;

/** The most pages of one sweep; what is left waits for the next. */
const pageLimit = 200;

/** What a sweep calls: takes away at most `limit` records from before `before`, and answers how many there were. */
export type SweepPage = (before: Instant, limit: number) => Promise<number>;

/**
 * Forgets the answers to idempotency keys that are older than 7 days. Answers how many.
 * @throws the database's error.
 */
export async function sweepRequests(sweepPage: SweepPage, clock: Clock): Promise<number> {
  const before = plusMilliseconds(clock.now(), -requestsKeptMilliseconds);
  let swept = 0;
  for (let page = 0; page < pageLimit; page++) {
    const count = await sweepPage(before, pageSize);
    swept += count;
    if (count < pageSize) break;
  }
  return swept;
}
