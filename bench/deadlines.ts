import { setTimeout as sleep } from 'node:timers/promises';
import { foundOrganizations, inFreshDatabase, once, openForSeeding } from './support/benchDatabase.ts';
import { quick } from './support/effort.ts';
import { fillDeadlines } from './support/pendingDeadlines.ts';
import { type Measured, startWarroom, whileRunning } from './support/processes.ts';
import { below, median, percentile, type Row } from './support/row.ts';
import { withSeeder } from './support/seed.ts';
import { subscribe } from './support/subscriber.ts';

const pending = quick ? 100_000 : 1_000_000;
/** One a millisecond: a thousand a second. */
const due = quick ? 5_000 : 20_000;
/** Milliseconds after the last is due in which all must have fired. */
const patience = 60_000;
/** Declared first, and not due: how fast the machine declares. */
const tried = 500;
/** With an SLA of one hour at risk at half, an incident detected half an hour ago is at risk now. */
const atRiskAfter = 30 * 60_000;

const subscription = `subscription { incidentEvents(filter: { types: [INCIDENT_SLA_AT_RISK] }) {
  at ... on IncidentSlaAtRisk { atRiskAt incident { number } } } }`;

interface Fired {
  readonly incident: number;
  /** Milliseconds from the instant it was due to the subscriber; and to the instant the event itself says. */
  readonly lateness: number;
  readonly recorded: number;
}

/** Where the wall clock stands, in milliseconds with fractions. */
const wallClock = () => performance.timeOrigin + performance.now();

function firedOf(message: Buffer): Fired {
  const arrived = wallClock();
  const { payload } = JSON.parse(message.toString());
  const { at, atRiskAt, incident } = payload.data.incidentEvents;
  const dueAt = Date.parse(atRiskAt);
  return { incident: incident.number, lateness: arrived - dueAt, recorded: Date.parse(at) - dueAt };
}

/** Declares incidents that become at risk one a millisecond; answers how many of them come due after the seeding. */
async function seedDue(url: string, organizationId: string): Promise<{ first: number; usable: number }> {
  const database = await openForSeeding(url);
  try {
    return await withSeeder(database, async (seeder) => {
      await seeder.administer(organizationId, { name: 'setEscalationRules', input: { rules: [] } });
      const target = {
        severity: 'SEV4',
        acknowledgeWithinMinutes: 60,
        resolveWithinMinutes: 10_000,
        atRiskPercent: 50,
      };
      await seeder.administer(organizationId, {
        name: 'setSlaPolicy',
        input: { targets: [target as typeof target & { severity: 'SEV4' }] },
      });
      const began = Date.now();
      await seeder.declare(organizationId, tried);
      const each = (Date.now() - began) / tried;
      const first = Date.now() + 5_000 + due * each * 1.5;
      await seeder.declare(organizationId, due, (n) => ({
        detectedAt: new Date(first + n - atRiskAfter).toISOString(),
      }));
      // What came due while others were still being declared was late for a reason of the bench's.
      const late = Math.max(0, Math.ceil(Date.now() + 1_000 - first));
      return { first: first + late, usable: due - late };
    });
  } finally {
    await database.close();
  }
}

/** Every firing that was due after the seeding, and the server's milliseconds of processor time for each. */
async function fire(
  url: string,
  server: Measured,
  organization: { id: string; key: string },
): Promise<{ fired: readonly Fired[]; processor: number }> {
  const fired: Fired[] = [];
  const subscriber = await subscribe({
    url: server.url,
    key: organization.key,
    query: subscription,
    onNext: (message) => void fired.push(firedOf(message)),
  });
  const { first, usable } = await seedDue(url, organization.id);
  if (usable < due / 2)
    throw new Error(`Seeding took too long: only ${usable} of ${due} were still to come.`);
  const processor = await server.ask('processor');
  const until = first + usable + patience;
  while (fired.length < due && wallClock() < until) await sleep(100);
  subscriber.close();
  const twice = fired.length - new Set(fired.map(({ incident }) => incident)).size;
  if (fired.length !== due || twice > 0) {
    throw new Error(`Of ${due} deadlines ${fired.length} fired, ${twice} of them twice.`);
  }
  const spent = (await server.ask('processor')) - processor;
  return { fired: fired.slice(due - usable), processor: spent / usable };
}

/** How late deadlines fire, as a subscriber sees it, while a million others are pending. */
export async function benchDeadlines(): Promise<Row[]> {
  return inFreshDatabase(async (url) => {
    const database = await openForSeeding(url);
    const [organization] = await foundOrganizations(database, 1);
    await database.close();
    if (organization === undefined) throw new Error('No organization was founded.');
    await once(url, fillDeadlines(pending));
    await once(url, 'vacuum analyze warroom.deadline');
    const server = await startWarroom({ DATABASE_URL: url }, { probe: true });
    return whileRunning([server], async () => {
      const { fired, processor } = await fire(url, server, organization);
      const lateness = fired.map((one) => one.lateness);
      const tenth = Math.ceil(lateness.length / 10);
      // Its median in each tenth of the run: whether it grows, or stays.
      const course = Array.from({ length: 10 }, (_, n) => median(lateness.slice(n * tenth, (n + 1) * tenth)));
      const detail = { pending, fired: fired.length, processor, p50: percentile(lateness, 0.5), course };
      const early = fired.filter((one) => one.recorded < 0 || one.lateness < 0).length;
      const name = 'Deadlines, 1,000 due a second';
      return [
        below(`${name}: fired early`, 'deadlines', early, 0),
        below(`${name}: lateness p99`, 'ms', percentile(lateness, 0.99), 250, detail),
        below(`${name}: latest`, 'ms', Math.max(...lateness), 2_000),
      ];
    });
  });
}
