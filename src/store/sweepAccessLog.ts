import type { Instant } from '../domain/instant.ts';
import type { Database } from './database.ts';
import { untilNoMore } from './sweep.ts';
import { makeAccessLogMonths } from './writeAccess.ts';

/** Partitions one call drops at most. */
const monthsAtATime = 12;

/**
 * Makes the access log's partitions of this month and the next two, and drops those of months that lie more than
 * `keptMonths` (1 to 120) months back; answers how many were dropped.
 */
export async function sweepAccessLog(
  database: Pick<Database, 'asPlatform'>,
  now: Instant,
  keptMonths: number,
): Promise<number> {
  await makeAccessLogMonths(database, now);
  return untilNoMore(database, 'drop_access_log_months', [now, keptMonths], monthsAtATime);
}
