import type { Database } from '../store/database.ts';
import { runsAfter } from '../store/read/runs.ts';
import type { FeedEntry } from './entry.ts';
import type { Page } from './tail.ts';

/** Which runs to read: those right after `after`, at most `limit` (≤ 500). */
export interface RunPageOptions {
  readonly organizationId: string;
  readonly after: number;
  readonly limit: number;
}

/**
 * A page of runs in order of commit. Where the last numbers have no run (any more), it ends with an entry that says so:
 * whoever reads comes to the end all the same.
 */
export async function readRuns(
  database: Database,
  { organizationId, after, limit }: RunPageOptions,
): Promise<Page> {
  const { runs, head } = await runsAfter({ database, organizationId }, after, limit);
  const complete = runs.length < limit;
  const entries: FeedEntry[] = runs.map((run) => ({
    entry: { organizationId, ledger: 'RUNS', sequence: run.sequence, run },
    after: null,
  }));
  if (complete && head > (runs.at(-1)?.sequence ?? after)) {
    entries.push({ entry: { organizationId, ledger: 'RUNS', sequence: head, run: null }, after: null });
  }
  return { entries, complete };
}
