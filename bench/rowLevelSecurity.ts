import { foundOrganizations, inFreshDatabase, once, openForSeeding } from './support/benchDatabase.ts';
import { quick } from './support/effort.ts';
import { incidentGlobalId } from './support/graphql.ts';
import { alternate, load } from './support/load.ts';
import { type Measured, startWarroom, whileRunning } from './support/processes.ts';
import { atLeast, type Row } from './support/row.ts';
import { withSeeder } from './support/seed.ts';

const organizations = 8;
const incidentsEach = quick ? 300 : 1_500;
const clients = 16;

interface Readable {
  readonly key: string;
  readonly incidents: readonly string[];
}

/** What is read: the query, and its variables by client and number. */
interface Reading {
  readonly name: string;
  readonly query: string;
  variables(readable: Readable, n: number): Record<string, unknown>;
}

const readings: readonly Reading[] = [
  {
    name: 'one incident',
    query: 'query($id: ID!) { incident(id: $id) { reference title status severity version updatedAt } }',
    variables: ({ incidents }, n) => ({ id: incidents[n % incidents.length] }),
  },
  {
    name: 'a list of 25',
    query: `query { incidents(first: 25, filter: { isOpen: true }) { nodes {
      reference title status severity pendingActions { dueAt }
      timeline(last: 3) { nodes { type at message } } } } }`,
    variables: () => ({}),
  },
];

async function seed(url: string): Promise<Readable[]> {
  const database = await openForSeeding(url);
  try {
    const founded = await foundOrganizations(database, organizations);
    return await withSeeder(database, async (seeder) => {
      const readable: Readable[] = [];
      for (const { id, key } of founded) {
        const incidents = await seeder.declare(id, incidentsEach);
        await seeder.note(id, incidents, incidentsEach);
        readable.push({ key, incidents: incidents.map(incidentGlobalId) });
      }
      return readable;
    });
  } finally {
    await database.close();
  }
}

/** Turns the policies of every table on or off, under the running server. */
function security(url: string, on: boolean): Promise<void> {
  return once(
    url,
    `do $$ declare name regclass; begin
       for name in select oid from pg_class where relnamespace = 'warroom'::regnamespace and relkind = 'r'
         and oid in (select polrelid from pg_policy) loop
         execute format('alter table %s ${on ? 'enable' : 'disable'} row level security', name);
       end loop; end $$`,
  );
}

function read(server: Measured, readable: readonly Readable[], reading: Reading) {
  const of = (client: number) => readable[client % readable.length] as Readable;
  return load({
    url: `${server.url}/graphql`,
    clients,
    headers: (client) => ({ authorization: `Bearer ${of(client).key}` }),
    body: (client, n) =>
      JSON.stringify({ query: reading.query, variables: reading.variables(of(client), client * 31 + n) }),
    accepted: (status, body) => status === 200 && body.includes('"reference":') && !body.includes('"errors"'),
  });
}

/** Reads over HTTP by several organizations in turns, with row-level security and with its policies off. */
export async function benchRowLevelSecurity(): Promise<Row[]> {
  return inFreshDatabase(async (url) => {
    const readable = await seed(url);
    await once(url, 'vacuum analyze');
    const server = await startWarroom({ DATABASE_URL: url });
    return whileRunning([server], async () => {
      const rows: Row[] = [];
      for (const reading of readings) {
        const withPolicies = async (on: boolean) => {
          await security(url, on);
          return read(server, readable, reading);
        };
        const { ours, baseline } = await alternate(
          () => withPolicies(true),
          () => withPolicies(false),
        );
        const detail = { p99: ours.p99, baselineP99: baseline.p99 };
        const name = `Row-level security, ${reading.name}`;
        rows.push(atLeast(name, 'reads/s', ours.perSecond, baseline.perSecond, 0.85, detail));
      }
      return rows;
    });
  });
}
