import type { Database } from './database.ts';

/** A table as the database's own statistics have it. */
export interface TableWear {
  readonly table: string;
  readonly live: number;
  /** Row versions that nobody sees any more. */
  readonly dead: number;
  /** Rows that came since it was vacuumed. */
  readonly inserted: number;
  /** Rows that came, changed or went since it was analyzed. */
  readonly changed: number;
}

/** What is to be done to one table. */
export interface UpkeepStep {
  readonly table: string;
  readonly vacuum: boolean;
  readonly analyze: boolean;
}

/**
 * From how many rows on, and from which share of the table, it is time: as autovacuum has them. A table that only grows
 * is vacuumed every 20,000 rows at the latest: only what is new is read then, so the step stays as short as the table
 * grows. Source: https://www.postgresql.org/docs/current/routine-vacuuming.html
 */
const dead = { rows: 50, share: 0.2 };
const inserted = { rows: 1_000, share: 0.2, most: 20_000 };
const changed = { rows: 50, share: 0.1 };

/** The table that needs it most, and what it needs; null when none does. */
export function nextStep(tables: readonly TableWear[]): UpkeepStep | null {
  let next: UpkeepStep | null = null;
  let most = 1;
  for (const wear of tables) {
    const vacuumed = Math.max(
      wear.dead / (dead.rows + dead.share * wear.live),
      wear.inserted / Math.min(inserted.most, inserted.rows + inserted.share * wear.live),
    );
    const analyzed = wear.changed / (changed.rows + changed.share * wear.live);
    const need = Math.max(vacuumed, analyzed);
    if (need < most) continue;
    most = need;
    next = { table: wear.table, vacuum: vacuumed >= 1, analyze: analyzed >= 1 };
  }
  return next;
}

/**
 * Does what the embedded database needs most and no server leaves to its users: nobody else vacuums or analyzes it. One
 * table at a time, because nothing else is answered meanwhile. Answers what was done, null when nothing is due, and
 * always null on a server.
 */
export async function tend(database: Pick<Database, 'asPlatform' | 'tend'>): Promise<UpkeepStep | null> {
  if (database.tend === null) return null;
  const tables = await database.asPlatform<Record<keyof TableWear, string>>(
    `SELECT relname AS table, n_live_tup AS live, n_dead_tup AS dead, n_ins_since_vacuum AS inserted,
       n_mod_since_analyze AS changed
     FROM pg_stat_user_tables WHERE schemaname = 'warroom'`,
  );
  const step = nextStep(
    tables.map(({ table, ...counts }) => ({
      table,
      live: Number(counts.live),
      dead: Number(counts.dead),
      inserted: Number(counts.inserted),
      changed: Number(counts.changed),
    })),
  );
  if (step === null) return null;
  const target = `warroom."${step.table}"`;
  if (step.vacuum) await database.tend(`VACUUM ${target}`);
  if (step.analyze) await database.tend(`ANALYZE ${target}`);
  return step;
}
