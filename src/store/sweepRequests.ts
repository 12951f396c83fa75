import { type Instant, plusMinutes } from '../domain/instant.ts';
import type { Database } from './database.ts';

/** Answers to idempotency keys are kept this long: seven days, in minutes. Source: api.graphql. */
const keptForMinutes = 7 * 24 * 60;
/** Rows of one statement, so that none holds its locks for long. */
const rowsAtATime = 5_000;

/** Forgets answers to idempotency keys from more than seven days before `now`; answers how many. */
export async function sweepRequests(database: Pick<Database, 'asPlatform'>, now: Instant): Promise<number> {
  const before = plusMinutes(now, -keptForMinutes);
  for (let swept = 0; ; ) {
    const [row] = await database.asPlatform<{ count: number }>(
      'select warroom.sweep_requests($1, $2) as count',
      [before, rowsAtATime],
    );
    const count = row?.count ?? 0;
    swept += count;
    if (count < rowsAtATime) return swept;
  }
}
