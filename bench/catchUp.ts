import { setTimeout as sleep } from 'node:timers/promises';
import { foundOrganizations, inFreshDatabase, once, openForSeeding } from './support/benchDatabase.ts';
import { runChild } from './support/child.ts';
import { effort, quick } from './support/effort.ts';
import { type Measured, startWarroom, whileRunning } from './support/processes.ts';
import { above, atLeast, median, type Row } from './support/row.ts';
import { withSeeder } from './support/seed.ts';
import { subscribe } from './support/subscriber.ts';

const events = quick ? 10_000 : 60_000;
const incidents = 500;

const subscription = `subscription { incidentEvents(after: 0) {
  sequence type version at isPublic previousHash hash body } }`;

interface CaughtUp {
  readonly perSecond: number;
  /** Microseconds of the server's processor time an event. */
  readonly processor: number;
}

/** Until the last event has arrived, all in order and without a gap. */
async function catchUp(server: Measured, key: string): Promise<CaughtUp> {
  let received = 0;
  let gap: string | null = null;
  const processor = await server.ask('processor');
  const began = performance.now();
  const subscriber = await subscribe({
    url: server.url,
    key,
    query: subscription,
    onNext(message) {
      received += 1;
      // Not parsed: reading is not what is measured.
      if (!message.includes(`"sequence":${received},`))
        gap ??= `${received}: ${message.toString().slice(0, 300)}`;
    },
  });
  while (received < events) {
    if (gap !== null) throw new Error(`Not the event that was expected at ${gap}`);
    if (performance.now() - began > 120_000)
      throw new Error(`Only ${received} of ${events} arrived in 2 min.`);
    await sleep(2);
  }
  const seconds = (performance.now() - began) / 1_000;
  subscriber.close();
  const spent = (await server.ask('processor')) - processor;
  return { perSecond: events / seconds, processor: (spent * 1_000) / events };
}

async function cursorRead(url: string, organizationId: string): Promise<number> {
  const read = await runChild<{ events: number; seconds: number }>('baseline/cursorRead', [
    url,
    organizationId,
  ]);
  if (read.events !== events) throw new Error(`The baseline read ${read.events} events.`);
  return read.events / read.seconds;
}

/** Everything from the first event on over a subscription, beside a raw cursor over the same rows. */
export async function benchCatchUp(): Promise<Row[]> {
  return inFreshDatabase(async (url) => {
    const database = await openForSeeding(url);
    const [organization] = await foundOrganizations(database, 1);
    if (organization === undefined) throw new Error('No organization was founded.');
    await withSeeder(database, async (seeder) => {
      const ids = await seeder.declare(organization.id, incidents);
      await seeder.note(organization.id, ids, events - incidents);
    });
    await database.close();
    await once(url, 'vacuum analyze');
    const server = await startWarroom({ DATABASE_URL: url }, { probe: true });
    return whileRunning([server], async () => {
      const ours: CaughtUp[] = [];
      const theirs: number[] = [];
      for (let run = 0; run < effort.runs; run += 1) {
        theirs.push(await cursorRead(url, organization.id));
        ours.push(await catchUp(server, organization.key));
      }
      const perSecond = median(ours.map((run) => run.perSecond));
      const detail = { events, runs: ours, baselineRuns: theirs };
      return [
        atLeast('Catch-up (raw pg cursor)', 'events/s', perSecond, median(theirs), 0.5, detail),
        above('Catch-up', 'events/s', perSecond, 20_000),
      ];
    });
  });
}
