import pg from 'pg';
import { type ClassicOrganization, makeClassicTables } from './baseline/classicTables.ts';
import { foundOrganizations, inFreshDatabase, openForSeeding } from './support/benchDatabase.ts';
import { type LoadResult, load } from './support/load.ts';
import { baseline, inTemporaryDirectory, type Measured, startProcess, startWarroom } from './support/processes.ts';
import { atLeast, atMost, median, type Row } from './support/row.ts';

const clients = 32;
const incidentsEach = 32;
const runs = 5;
const timing = { duration: 3_000, warmUp: 700 };

interface Writable {
  readonly key: string;
  readonly incidents: readonly string[];
}

const addNote = `mutation($input: AddIncidentNoteInput!) {
  addIncidentNote(input: $input) { ... on AddIncidentNotePayload { sequence incident { version } } ... on UserError { code message } }
}`;

/** Declares the incidents to write on, through the API. */
async function declareIncidents(url: string, key: string): Promise<Writable> {
  const incidents: string[] = [];
  for (let n = 0; n < incidentsEach; n += 1) {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({
        query: `mutation { declareIncident(input: { title: "Checkout answers 500", severity: SEV4 }) { ... on DeclareIncidentPayload { incident { id } } } }`,
      }),
    });
    const body = (await response.json()) as { data: { declareIncident: { incident: { id: string } } } };
    incidents.push(body.data.declareIncident.incident.id);
  }
  return { key, incidents };
}

function writeOurs(server: Measured, organizations: readonly Writable[]): Promise<LoadResult> {
  return load({
    url: `${server.url}/graphql`,
    clients,
    ...timing,
    headers: (client) => ({ authorization: `Bearer ${organizations[client % organizations.length]?.key}` }),
    body: (client, n) => {
      const { incidents } = organizations[client % organizations.length] as Writable;
      const incidentId = incidents[(client + n) % incidents.length];
      return JSON.stringify({ query: addNote, variables: { input: { incidentId, message: `client ${client} note ${n}` } } });
    },
    accepted: (status, body) => status === 200 && body.includes('"sequence":'),
  });
}

function writeBaseline(server: Measured, organizations: readonly ClassicOrganization[]): Promise<LoadResult> {
  return load({
    url: `${server.url}/note`,
    clients,
    ...timing,
    headers: () => ({}),
    body: (client, n) => {
      const { id, incidents } = organizations[client % organizations.length] as ClassicOrganization;
      return JSON.stringify({
        organization: id,
        incident: incidents[(client + n) % incidents.length],
        message: `client ${client} note ${n}`,
      });
    },
    accepted: (status) => status === 200,
  });
}

/** Alternates baseline and ours, so that a machine that slows down slows both. */
async function alternate(ours: () => Promise<LoadResult>, base: () => Promise<LoadResult>) {
  const mine: LoadResult[] = [];
  const theirs: LoadResult[] = [];
  for (let run = 0; run < runs; run += 1) {
    theirs.push(await base());
    mine.push(await ours());
  }
  const middle = (results: readonly LoadResult[], of: keyof LoadResult) => median(results.map((one) => one[of]));
  return {
    ours: middle(mine, 'perSecond'),
    baseline: middle(theirs, 'perSecond'),
    p99: middle(mine, 'p99'),
    baselineP99: middle(theirs, 'p99'),
    detail: { oursP50: middle(mine, 'p50'), baselineP50: middle(theirs, 'p50') },
  };
}

function rows(name: string, bar: number, found: Awaited<ReturnType<typeof alternate>>): Row[] {
  return [
    atLeast(name, 'writes/s', found.ours, found.baseline, bar, found.detail),
    atMost(`${name}, p99`, 'ms', found.p99, found.baselineP99, 1),
  ];
}

/** The write rows on a PostgreSQL server: one organization, and sixteen. */
export async function benchWriteServer(): Promise<Row[]> {
  const found: Row[] = [];
  for (const organizations of [1, 16]) {
    await inFreshDatabase(async (url) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      const classic = await makeClassicTables(client, organizations, incidentsEach);
      await client.end();
      const database = await openForSeeding(url);
      const founded = await foundOrganizations(database, organizations);
      await database.close();
      const warroom = await startWarroom({ DATABASE_URL: url });
      const classicServer = await startProcess(baseline('classicServer'), [url, '10']);
      try {
        const writable = await Promise.all(founded.map(({ key }) => declareIncidents(warroom.url, key)));
        const bar = organizations === 1 ? 1.3 : 1;
        const name = organizations === 1 ? 'Write, one organization' : 'Write over 16 organizations';
        found.push(
          ...rows(
            name,
            bar,
            await alternate(
              () => writeOurs(warroom, writable),
              () => writeBaseline(classicServer, classic),
            ),
          ),
        );
      } finally {
        await classicServer.stop();
        await warroom.stop();
      }
    });
  }
  return found;
}

/** The write row on the embedded database, each side on a directory of its own. */
export async function benchWriteEmbedded(): Promise<Row[]> {
  return inTemporaryDirectory((ours) =>
    inTemporaryDirectory(async (theirs) => {
      const { startEmbedded } = await import('../src/store/embedded.ts');
      const { createLog } = await import('../src/log.ts');
      const embedded = await startEmbedded({ dataDirectory: theirs, log: createLog('silent') });
      const { host, user, password, database } = embedded.connection;
      const url = `postgres://${user}:${password}@/${database}?host=${encodeURIComponent(host ?? '')}`;
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      const classic = await makeClassicTables(client, 1, incidentsEach);
      await client.end();
      const classicServer = await startProcess(baseline('classicServer'), [url, '1']);
      const seeding = await openForSeeding(null, ours);
      const [organization] = await foundOrganizations(seeding, 1);
      await seeding.close();
      const warroom = await startWarroom({ WARROOM_DATA_DIR: ours });
      try {
        const writable = [await declareIncidents(warroom.url, organization?.key ?? '')];
        return rows(
          'Write, embedded',
          0.8,
          await alternate(
            () => writeOurs(warroom, writable),
            () => writeBaseline(classicServer, classic),
          ),
        );
      } finally {
        await warroom.stop();
        await classicServer.stop();
        await embedded.close();
      }
    }),
  );
}
