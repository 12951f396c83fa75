import type { VerifyRun } from './measured/verifyRun.ts';
import { foundOrganizations, inPlace, once, serverUrl } from './support/benchDatabase.ts';
import { runChild } from './support/child.ts';
import { effort, quick } from './support/effort.ts';
import { above, below, median, type Row } from './support/row.ts';
import { withSeeder } from './support/seed.ts';

const events = quick ? 10_000 : 100_000;
const incidents = 500;
/** Megabytes that may live more at the end than at a quarter: noise, not growth with the ledger. */
const flat = 4;

/** Verifying every hash and column, and folding every incident from its first event, each in a process of its own. */
export async function benchVerify(): Promise<Row[]> {
  return inPlace(async ({ environment, open }) => {
    const database = await open();
    const [organization] = await foundOrganizations(database, 1);
    if (organization === undefined) throw new Error('No organization was founded.');
    await withSeeder(database, async (seeder) => {
      const ids = await seeder.declare(organization.id, incidents);
      await seeder.note(organization.id, ids, events - incidents);
    });
    await database.close();
    // A server's autovacuum does as much within a minute; the embedded database has none.
    if (serverUrl !== null) await once(environment.DATABASE_URL ?? '', 'vacuum analyze');
    const { DATABASE_URL = '', WARROOM_DATA_DIR = '' } = environment;
    const found: VerifyRun[] = [];
    for (let run = 0; run < effort.runs; run += 1) {
      found.push(await runChild('measured/verifyRun', [DATABASE_URL, WARROOM_DATA_DIR, organization.id]));
    }
    const grown = median(found.map(({ early, late }) => (late - early) / 1_048_576));
    return [
      above('Verify', 'events/s', median(found.map((run) => run.verified)), 50_000, { events }),
      below('Verify: memory grown after a quarter', 'MB', Math.max(0, grown), flat, { grown }),
      above('Replay', 'events/s', median(found.map((run) => run.replayed)), 50_000, { events, incidents }),
    ];
  });
}
