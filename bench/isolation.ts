import { v7 } from 'uuid';
import { foundOrganizations, inFreshDatabase, openForSeeding } from './support/benchDatabase.ts';
import { quick } from './support/effort.ts';
import { incidentGlobalId } from './support/graphql.ts';
import { alternate, load } from './support/load.ts';
import { startWarroom, whileRunning } from './support/processes.ts';
import { atMost, type Row } from './support/row.ts';
import { withSeeder } from './support/seed.ts';

const incidents = quick ? 300 : 2_000;
const clients = 4;

/** What is asked about an id that is not ours: a node, an incident, and a mutation, each read or refused alike. */
const operations = [
  {
    name: 'a node',
    query: 'query($id: ID!) { node(id: $id) { id } }',
  },
  {
    name: 'an incident',
    query: 'query($id: ID!) { incident(id: $id) { title } }',
  },
  {
    name: 'a mutation',
    query: `mutation($id: ID!) { acknowledgeIncident(input: { incidentId: $id }) {
      ... on UserError { code } } }`,
  },
] as const;

/**
 * How long it takes to say no: of what another organization has, over what nobody has. Both must read the same, and
 * take as long, or the time would tell.
 */
export function benchIsolation(): Promise<Row[]> {
  return inFreshDatabase(async (url) => {
    const database = await openForSeeding(url);
    const [ours, theirs] = await foundOrganizations(database, 2);
    if (ours === undefined || theirs === undefined) throw new Error('No two organizations were founded.');
    const seeded = await withSeeder(database, async (seeder) => {
      await seeder.declare(ours.id, incidents);
      return seeder.declare(theirs.id, incidents);
    });
    await database.close();
    const foreign = seeded.map(incidentGlobalId);
    const absent = seeded.map(() => incidentGlobalId(v7()));
    const server = await startWarroom({ DATABASE_URL: url });
    return whileRunning([server], async () => {
      const rows: Row[] = [];
      for (const { name, query } of operations) {
        const asking = (ids: readonly string[]) => () =>
          load({
            url: `${server.url}/graphql`,
            clients,
            headers: () => ({ authorization: `Bearer ${ours.key}` }),
            body: (client, n) =>
              JSON.stringify({ query, variables: { id: ids[(n * clients + client) % ids.length] } }),
            accepted: (status, body) => status === 200 && !body.includes('"errors"'),
          });
        const { ours: ofTheirs, baseline: ofNobody } = await alternate(asking(foreign), asking(absent));
        const detail = { foreignP99: ofTheirs.p99, absentP99: ofNobody.p99 };
        rows.push(
          atMost(`No to ${name}: foreign over absent`, 'ms', ofTheirs.p50, ofNobody.p50, 1.1, detail),
        );
      }
      return rows;
    });
  });
}
