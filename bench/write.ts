import { createLog } from '../src/log.ts';
import type { Database } from '../src/store/database.ts';
import { startEmbedded } from '../src/store/embedded.ts';
import { type ClassicOrganization, makeClassicTables } from './baseline/classicTables.ts';
import {
  foundOrganizations,
  inConnection,
  inFreshDatabase,
  openForSeeding,
} from './support/benchDatabase.ts';
import { addNote, incidentGlobalId } from './support/graphql.ts';
import { type Alternated, alternate, type LoadResult, load } from './support/load.ts';
import {
  baseline,
  inTemporaryDirectory,
  type Measured,
  startProcess,
  startWarroom,
  whileRunning,
} from './support/processes.ts';
import { atLeast, atMost, type Row } from './support/row.ts';
import { withSeeder } from './support/seed.ts';

const clients = 32;
const incidentsEach = 32;

interface Writable {
  readonly key: string;
  /** As clients name them. */
  readonly incidents: readonly string[];
}

/** Founds organizations with incidents to write on. */
async function seedOurs(database: Database, organizations: number): Promise<Writable[]> {
  const founded = await foundOrganizations(database, organizations);
  const writable: Writable[] = [];
  await withSeeder(database, async (seeder) => {
    for (const { id, key } of founded) {
      const incidents = await seeder.declare(id, incidentsEach);
      writable.push({ key, incidents: incidents.map(incidentGlobalId) });
    }
  });
  await database.close();
  return writable;
}

function writeOurs(server: Measured, organizations: readonly Writable[]): Promise<LoadResult> {
  const of = (client: number) => organizations[client % organizations.length] as Writable;
  return load({
    url: `${server.url}/graphql`,
    clients,
    headers: (client) => ({ authorization: `Bearer ${of(client).key}` }),
    body: (client, n) => {
      const { incidents } = of(client);
      const input = {
        incidentId: incidents[(client + n) % incidents.length],
        message: `client ${client} note ${n}`,
      };
      return JSON.stringify({ query: addNote, variables: { input } });
    },
    accepted: (status, body) => status === 200 && body.includes('"sequence":'),
  });
}

function writeBaseline(server: Measured, organizations: readonly ClassicOrganization[]): Promise<LoadResult> {
  return load({
    url: `${server.url}/note`,
    clients,
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

function rows(name: string, bar: number, { ours, baseline: base }: Alternated): Row[] {
  const detail = { oursP50: ours.p50, baselineP50: base.p50 };
  return [
    atLeast(name, 'writes/s', ours.perSecond, base.perSecond, bar, detail),
    atMost(`${name}, p99`, 'ms', ours.p99, base.p99, 1),
  ];
}

/** The write rows on a PostgreSQL server: one organization, and sixteen. */
export async function benchWriteServer(): Promise<Row[]> {
  return [
    ...(await onServer(1, 'Write, one organization', 1.3)),
    ...(await onServer(16, 'Write over 16', 1)),
  ];
}

function onServer(organizations: number, name: string, bar: number): Promise<Row[]> {
  return inFreshDatabase(async (url) => {
    const classic = await inConnection(url, (client) =>
      makeClassicTables(client, organizations, incidentsEach),
    );
    const writable = await seedOurs(await openForSeeding(url), organizations);
    const warroom = await startWarroom({ DATABASE_URL: url });
    return whileRunning([warroom], async () => {
      const classicServer = await startProcess(baseline('classicServer'), ['server', url]);
      return whileRunning([classicServer], async () => {
        const measured = await alternate(
          () => writeOurs(warroom, writable),
          () => writeBaseline(classicServer, classic),
        );
        return rows(name, bar, measured);
      });
    });
  });
}

/** The baseline's tables in an embedded database of its own, which its server then opens. */
async function seedEmbeddedBaseline(dataDirectory: string): Promise<ClassicOrganization[]> {
  const embedded = await startEmbedded({ dataDirectory, log: createLog('error') });
  try {
    const { host, user, password, database } = embedded.connection;
    const url = `postgres://${user}:${password}@/${database}?host=${encodeURIComponent(host ?? '')}`;
    return await inConnection(url, (client) => makeClassicTables(client, 1, incidentsEach));
  } finally {
    await embedded.close();
  }
}

/** The write row on the embedded database, each side in a process and on a directory of its own. */
export async function benchWriteEmbedded(): Promise<Row[]> {
  return inTemporaryDirectory((ours) =>
    inTemporaryDirectory(async (theirs) => {
      const classic = await seedEmbeddedBaseline(theirs);
      const writable = await seedOurs(await openForSeeding(null, ours), 1);
      const classicServer = await startProcess(baseline('classicServer'), ['embedded', theirs]);
      return whileRunning([classicServer], async () => {
        const warroom = await startWarroom({ WARROOM_DATA_DIR: ours, DATABASE_URL: '' });
        return whileRunning([warroom], async () => {
          const measured = await alternate(
            () => writeOurs(warroom, writable),
            () => writeBaseline(classicServer, classic),
          );
          return rows('Write, embedded', 0.8, measured);
        });
      });
    }),
  );
}
