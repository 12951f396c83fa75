import { type Instant, plusMinutes } from '../domain/instant.ts';
import type { Database } from './database.ts';

/** Answers to idempotency keys, and what became of requests, are kept this long: seven days, in minutes. Source: api.graphql. */
const keptForMinutes = 7 * 24 * 60;
/** Rows of one statement, so that none holds its locks for long. */
const rowsAtATime = 5_000;

/**
 * Forgets answers to idempotency keys, and what became of requests of senders that ask back, from more than seven days
 * before `now`; answers how many.
 */
export async function sweepRequests(database: Pick<Database, 'asPlatform'>, now: Instant): Promise<number> {
  const before = plusMinutes(now, -keptForMinutes);
  let swept = 0;
  for (const sweep of ['sweep_requests', 'sweep_alert_requests']) {
    for (let count = rowsAtATime; count >= rowsAtATime; ) {
      const [row] = await database.asPlatform<{ count: number }>(`select warroom.${sweep}($1, $2) as count`, [
        before,
        rowsAtATime,
      ]);
      count = row?.count ?? 0;
      swept += count;
    }
  }
  return swept;
}
