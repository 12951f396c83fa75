import type { IncidentCommand } from '../src/domain/incident/commands.ts';
import {
  foundOrganizations,
  inConnection,
  inFreshDatabase,
  openForSeeding,
} from './support/benchDatabase.ts';
import { quick } from './support/effort.ts';
import { alternate, load } from './support/load.ts';
import { eventsEach, multiply } from './support/manyIncidents.ts';
import { baseline, startProcess, startWarroom, whileRunning } from './support/processes.ts';
import { atLeast, type Row } from './support/row.ts';
import { withSeeder } from './support/seed.ts';

/** BENCH_INCIDENTS=1000000 for the full size: 20 million events, some 20 GB and an hour to fill. */
const incidents = Number(process.env.BENCH_INCIDENTS ?? (quick ? 5_000 : 100_000));
const clients = 8;

const query = `query($first: Int!) { incidents(first: $first, filter: { isOpen: true }) { nodes {
  reference title status severity commander { name } techLead { name } commsLead { name } assignee { name }
  pendingActions { kind dueAt } timeline(last: 3) { nodes { sequence type at message } } } } }`;

/** Declares the incident that all others are made of, with everything a page shows of it; answers its id. */
async function model(url: string, organizationId: string): Promise<string> {
  const userId = await inConnection(url, async (client) => {
    const sql = 'select user_id from warroom.membership where organization_id = $1';
    return String((await client.query(sql, [organizationId])).rows[0].user_id);
  });
  const database = await openForSeeding(url);
  try {
    return await withSeeder(database, async (seeder) => {
      const [id = ''] = await seeder.declare(organizationId, 1);
      const roles = ['COMMANDER', 'TECH_LEAD', 'COMMS_LEAD'] as const;
      const commands: IncidentCommand[] = [
        ...roles.map((role) => ({ name: 'assignIncidentRole', input: { role, userId } }) as const),
        { name: 'assignIncident', input: { userId } },
      ];
      for (const command of commands) await seeder.command(organizationId, id, command);
      await seeder.note(organizationId, [id], eventsEach - 1 - commands.length);
      return id;
    });
  } finally {
    await database.close();
  }
}

/** A page of incidents over HTTP beside the same page in one statement by hand. */
export async function benchList(): Promise<Row[]> {
  return inFreshDatabase(async (url) => {
    const database = await openForSeeding(url);
    const [organization] = await foundOrganizations(database, 1);
    await database.close();
    if (organization === undefined) throw new Error('No organization was founded.');
    const id = await model(url, organization.id);
    await inConnection(url, (client) => multiply(client, organization.id, id, incidents));
    const byHand = await startProcess(baseline('listServer'), [url, organization.id]);
    return whileRunning([byHand], async () => {
      const warroom = await startWarroom({ DATABASE_URL: url });
      return whileRunning([warroom], async () => {
        const rows: Row[] = [];
        for (const first of [25, 100]) {
          const accepted = (status: number, body: string) => status === 200 && !body.includes('"errors"');
          const { ours, baseline: base } = await alternate(
            () =>
              load({
                url: `${warroom.url}/graphql`,
                clients,
                headers: () => ({ authorization: `Bearer ${organization.key}` }),
                body: () => JSON.stringify({ query, variables: { first } }),
                accepted,
              }),
            () =>
              load({
                url: `${byHand.url}/list`,
                clients,
                headers: () => ({}),
                body: () => JSON.stringify({ first }),
                accepted,
              }),
          );
          const name = `List of ${first}, ${incidents.toLocaleString('en')} incidents`;
          const detail = { events: incidents * eventsEach, oursP50: ours.p50, baselineP50: base.p50 };
          rows.push(atLeast(name, 'pages/s', ours.perSecond, base.perSecond, 0.5, detail));
        }
        return rows;
      });
    });
  });
}
