import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { mutate, post } from '../support/graphqlClient.ts';
import { type ServerProcess, startServerProcess, storyKey } from '../support/serverProcess.ts';
import { openStoryDatabase, type StoryDatabase } from '../support/storyDatabase.ts';

const disconnects = Number(process.env.WARROOM_DISCONNECTS ?? 500);
const writers = 24;
const followers = 10;

let database: StoryDatabase;
let server: ServerProcess;

beforeAll(async () => {
  database = await openStoryDatabase();
  server = await startServerProcess(database.environment);
});
afterAll(async () => {
  await server?.stop();
  await database?.drop();
});

const subscription =
  'subscription($after: SafeInt!) { incidentEvents(after: $after) { sequence hash previousHash version incident { id } } }';

interface Seen {
  readonly sequence: number;
  readonly hash: string;
  readonly previousHash: string;
}

/** One connection: subscribes from the cursor and is cut without a goodbye after `milliseconds`. */
async function connection(seen: Seen[], milliseconds: number): Promise<void> {
  const sockets: WebSocket[] = [];
  class Socket extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols);
      sockets.push(this);
    }
  }
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: Socket,
    connectionParams: { authorization: `Bearer ${storyKey}` },
    retryAttempts: 0,
  });
  const ended = new Promise<void>((done) => {
    client.subscribe<{ incidentEvents: Seen }>(
      { query: subscription, variables: { after: seen.at(-1)?.sequence ?? 0 } },
      {
        next: ({ data, errors }) => {
          if (errors) throw new Error(JSON.stringify(errors));
          if (data) seen.push(data.incidentEvents);
        },
        error: () => done(),
        complete: () => done(),
      },
    );
  });
  await new Promise((wake) => setTimeout(wake, milliseconds));
  for (const socket of sockets) socket.terminate();
  await ended;
  await client.dispose();
}

/** Writes to random incidents, half of it on a version that may be gone, until told to stop. */
async function write(ids: readonly string[], writer: number, stop: () => boolean): Promise<void> {
  for (let n = 0; !stop(); n += 1) {
    const incidentId = ids[Math.floor(Math.random() * ids.length)];
    const racing = n % 2 === 0 ? ', expectedVersion: 3' : '';
    await post(
      server.url,
      storyKey,
      `mutation { addIncidentNote(input: { incidentId: "${incidentId}", message: "note ${writer}-${n}"${racing} }) { __typename } }`,
    ).catch(() => null);
  }
}

test(
  `${disconnects} random disconnects while ${writers} writers run, with rollbacks: no gap, no duplicate`,
  async () => {
    const ids: string[] = [];
    for (let n = 0; n < 8; n += 1) {
      const done = await mutate<{ incident: { id: string } }>(
        server.url,
        storyKey,
        'declareIncident',
        { title: `incident ${n}`, severity: 'SEV4' },
        'incident { id }',
      );
      ids.push(done.incident.id);
    }
    let stopped = false;
    const writing = Array.from({ length: writers }, (_, writer) => write(ids, writer, () => stopped));
    // Rollbacks: backends of this database are ended in the middle of whatever they do.
    const breaking = (async () => {
      while (!stopped && database.mode === 'server') {
        await new Promise((wake) => setTimeout(wake, 250));
        await database.sql(
          `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid() and state = 'active' limit 1`,
        );
      }
    })();

    const all = Array.from({ length: followers }, (): Seen[] => []);
    await Promise.all(
      all.map(async (seen) => {
        for (let cut = 0; cut < disconnects / followers; cut += 1)
          await connection(seen, 20 + Math.random() * 150);
      }),
    );
    stopped = true;
    await Promise.all([...writing, breaking]);

    // A restart in between is one more interruption.
    await server.stop('SIGKILL');
    server = await startServerProcess(database.environment);
    await mutate(
      server.url,
      storyKey,
      'addIncidentNote',
      { incidentId: ids[0], message: 'last' },
      'sequence',
    );
    const head = await post<{ ledgerHead: { sequence: number } }>(
      server.url,
      storyKey,
      '{ ledgerHead { sequence } }',
    );
    const last = head.data?.ledgerHead.sequence ?? 0;
    expect(last).toBeGreaterThan(100);
    for (const seen of all) {
      for (let look = 0; look < 20 && seen.at(-1)?.sequence !== last; look += 1) await connection(seen, 500);
      expect(seen.map((event) => event.sequence)).toEqual(
        Array.from({ length: last }, (_, index) => index + 1),
      );
      const broken = seen.filter((event, index) => index > 0 && event.previousHash !== seen[index - 1]?.hash);
      expect(broken).toEqual([]);
    }
  },
  300_000 + disconnects * 500,
);
