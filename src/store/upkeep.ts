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

/**
 * Rows of a table of a server up to which we analyze it. What nobody has analyzed is planned blindly, and the plans are
 * kept: an index that merely contains the key looks as good as the key's own, and is read from end to end once there is
 * much. A server's autovacuum comes by once a minute, or never.
 */
export const youngRows = 100_000;

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
 * Does what the database needs most, and answers what was done, null when nothing is due. The embedded one has nobody
 * else who vacuums or analyzes it: one table at a time, because nothing else is answered meanwhile. A server sees to that
 * alone, but not at once: its tables are analyzed while they are young, up to {@link youngRows}.
 */
export async function tend(
  database: Pick<Database, 'mode' | 'asPlatform' | 'tend'>,
): Promise<UpkeepStep | null> {
  const tables = await database.asPlatform<Record<keyof TableWear, string>>(
    `SELECT relname AS table, n_live_tup AS live, n_dead_tup AS dead, n_ins_since_vacuum AS inserted,
       n_mod_since_analyze AS changed
     FROM pg_stat_user_tables WHERE schemaname = 'warroom'`,
  );
  const wears = tables.map(({ table, ...counts }) => ({
    table,
    live: Number(counts.live),
    dead: Number(counts.dead),
    inserted: Number(counts.inserted),
    changed: Number(counts.changed),
  }));
  const step = nextStep(database.mode === 'embedded' ? wears : youngOf(wears));
  if (step === null) return null;
  const target = `warroom."${step.table}"`;
  if (step.vacuum) await database.tend(`VACUUM ${target}`);
  // Another instance, or the server itself, may be at it.
  if (step.analyze) await database.tend(`ANALYZE (SKIP_LOCKED) ${target}`);
  return step;
}

function youngOf(wears: readonly TableWear[]): readonly TableWear[] {
  return wears
    .filter(({ live }) => live <= youngRows)
    .map(({ table, live, changed }) => ({ table, live, changed, dead: 0, inserted: 0 }));
}
