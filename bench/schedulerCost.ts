import { claim } from '../src/store/claim.ts';
import type { Database } from '../src/store/database.ts';
import { inFreshDatabase, once, openForSeeding } from './support/benchDatabase.ts';
import { quick } from './support/effort.ts';
import { fillDeadlines, fillDue } from './support/pendingDeadlines.ts';
import { atMost, median, type Row } from './support/row.ts';

const few = 10_000;
const many = quick ? 200_000 : 1_000_000;
const claims = quick ? 20 : 60;
const eachClaims = 200;

/** A database with so many deadlines pending, and due ones enough for every claim. */
async function filled(url: string, pending: number): Promise<Database> {
  const database = await openForSeeding(url);
  await once(url, fillDeadlines(pending));
  await once(url, fillDue((claims + 10) * eachClaims));
  await once(url, 'vacuum analyze warroom.deadline');
  return database;
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Milliseconds of one look that leases 200 deadlines, and of one that finds nothing due. */
async function looks(database: Database): Promise<{ busy: number; idle: number }> {
  const now = new Date().toISOString();
  const long = { leaseMilliseconds: 60_000, limit: eachClaims };
  const busy = await time(async () => {
    const { due } = await claim(database, { ...long, now });
    if (due.length !== eachClaims) throw new Error(`${due.length} deadlines were claimed.`);
  });
  const past = new Date(Date.now() - 86_400_000).toISOString();
  return { busy, idle: await time(() => claim(database, { ...long, now: past })) };
}

/** What a look of the scheduler costs with many deadlines pending, beside the same with few. In turns. */
export async function benchSchedulerCost(): Promise<Row[]> {
  return inFreshDatabase((fewUrl) =>
    inFreshDatabase(async (manyUrl) => {
      const databases = [await filled(fewUrl, few), await filled(manyUrl, many)] as const;
      try {
        for (let n = 0; n < 10; n += 1) for (const database of databases) await looks(database);
        const found: { few: { busy: number; idle: number }; many: { busy: number; idle: number } }[] = [];
        for (let n = 0; n < claims; n += 1) {
          found.push({ few: await looks(databases[0]), many: await looks(databases[1]) });
        }
        const of = (side: 'few' | 'many', what: 'busy' | 'idle') =>
          median(found.map((one) => one[side][what]));
        const name = `Scheduler, ${many.toLocaleString('en')} pending (${few.toLocaleString('en')})`;
        return [
          atMost(`${name}: 200 due`, 'ms', of('many', 'busy'), of('few', 'busy'), 1.2),
          atMost(`${name}: nothing due`, 'ms', of('many', 'idle'), of('few', 'idle'), 1.2),
        ];
      } finally {
        for (const database of databases) await database.close();
      }
    }),
  );
}
