import { type Instant, plusMinutes } from '../domain/instant.ts';
import type { Database } from './database.ts';

/** Runs are kept this long: 90 days, in minutes. Their incident, its counts and its targets stay. */
const keptForMinutes = 90 * 24 * 60;
/** Rows of one statement, so that none holds its locks for long. */
const rowsAtATime = 5_000;

/** Forgets runs that were reported more than 90 days before `now`, whenever they ran; answers how many. */
export async function sweepRuns(database: Pick<Database, 'asPlatform'>, now: Instant): Promise<number> {
  const before = plusMinutes(now, -keptForMinutes);
  for (let swept = 0; ; ) {
    const [row] = await database.asPlatform<{ count: number }>('select warroom.sweep_runs($1, $2) as count', [
      before,
      rowsAtATime,
    ]);
    const count = row?.count ?? 0;
    swept += count;
    if (count < rowsAtATime) return swept;
  }
}
