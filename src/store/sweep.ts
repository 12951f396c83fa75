import { bulkResultDays } from '../domain/bulkAction/bulkAction.ts';
import { type Instant, plusMinutes } from '../domain/instant.ts';
import type { Database } from './database.ts';

/** Rows of one statement, so that none holds its locks for long. */
const rowsAtATime = 5_000;

/** What is forgotten after a time: the functions that do it, and for how many days it is kept from when it came. */
const sweeps = {
  /** Answers to idempotency keys, and what became of requests of senders that ask back. Source: api.graphql. */
  requests: { functions: ['sweep_requests', 'sweep_alert_requests'], days: 7 },
  /** Clearings that came before what they end, should that come yet. */
  clearings: { functions: ['sweep_early_clearings'], days: 7 },
  /** As long as PagerDuty keeps change events. */
  changes: { functions: ['sweep_changes'], days: 90 },
  /** Whenever they ran; their incident, its counts and its targets stay. */
  runs: { functions: ['sweep_runs'], days: 90 },
  /** Those that no incident came of; 90 unless the installation says otherwise. */
  errors: { functions: ['sweep_errors'], days: 90 },
  /** What the targets of bulk actions came to; each action is marked, and its counts and what it muted stay. */
  bulkResults: { functions: ['sweep_bulk_results'], days: bulkResultDays, isMarked: true },
} as const;

/** Something that is forgotten after a time. */
export type Swept = keyof typeof sweeps;

/** Forgets what came longer before `now` than it is kept (as many days as given, else as stands above); answers how many rows. */
export async function sweep(
  database: Pick<Database, 'asPlatform'>,
  what: Swept,
  now: Instant,
  keptDays?: number,
): Promise<number> {
  const { functions, days, ...more } = sweeps[what];
  const before = plusMinutes(now, -(keptDays ?? days) * 24 * 60);
  let swept = 0;
  const parameters = [before, rowsAtATime, ...('isMarked' in more ? [now] : [])];
  for (const name of functions) swept += await untilNoMore(database, name, parameters, rowsAtATime);
  return swept;
}

/** Calls a function that does at most so much at once until it does less; answers how much it did. */
export async function untilNoMore(
  database: Pick<Database, 'asPlatform'>,
  name: string,
  parameters: readonly (Instant | number)[],
  atOnce: number,
): Promise<number> {
  for (let done = 0; ; ) {
    const places = parameters.map((_, index) => `$${index + 1}`).join(', ');
    const [row] = await database.asPlatform<{ count: number }>(
      `select warroom.${name}(${places}) as count`,
      parameters,
    );
    const count = row?.count ?? 0;
    done += count;
    if (count < atOnce) return done;
  }
}
