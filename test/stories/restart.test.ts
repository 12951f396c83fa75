import { createClient as createStreams } from 'graphql-sse';
import { createClient as createSockets } from 'graphql-ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { freePort } from '../support/freePort.ts';
import { mutate, post } from '../support/graphqlClient.ts';
import { type ServerProcess, startServerProcess, storyKey } from '../support/serverProcess.ts';
import { openStoryDatabase, type StoryDatabase } from '../support/storyDatabase.ts';

// A server that is stopped and started again under people who watch and others who write, as at every upgrade.

const restarts = 3;
const query = 'subscription($after: SafeInt) { incidentEvents(after: $after) { sequence } }';

let database: StoryDatabase;
let port: number;
let server: ServerProcess;
const disposals: (() => unknown)[] = [];
const start = () => startServerProcess({ ...database.environment, PORT: String(port) });

beforeAll(async () => {
  database = await openStoryDatabase();
  port = await freePort();
  server = await start();
});
afterAll(async () => {
  for (const dispose of disposals) dispose();
  await server?.stop();
  await database?.drop();
});

interface Heard {
  readonly data?: { readonly incidentEvents: { readonly sequence: number } } | null;
  readonly errors?: unknown;
}

/** Someone who watches: what was seen, what was not understood, and how often the connection was made. */
class Watcher {
  readonly sequences: number[] = [];
  readonly problems: unknown[] = [];
  connections = 0;
  ended = false;

  /** Asked for at every connection: where to go on. */
  readonly request = {
    query,
    variables: Object.defineProperty({}, 'after', {
      enumerable: true,
      get: () => this.sequences.at(-1) ?? 0,
    }),
  };
  readonly sink = {
    next: ({ data, errors }: Heard) => {
      if (data == null || errors !== undefined) this.problems.push(errors);
      else this.sequences.push(data.incidentEvents.sequence);
    },
    error: (error: unknown) => void this.problems.push(error),
    complete: () => {
      this.ended = true;
    },
  };
  readonly on = {
    connected: () => {
      this.connections += 1;
    },
  };
}

const again = { retryAttempts: 1_000, retry: () => new Promise<void>((wake) => setTimeout(wake, 50)) };

function overStream(): Watcher {
  const watcher = new Watcher();
  const headers = { authorization: `Bearer ${storyKey}` };
  const client = createStreams({
    url: `http://127.0.0.1:${port}/graphql`,
    headers,
    on: watcher.on,
    ...again,
  });
  client.subscribe<Heard['data']>(watcher.request, watcher.sink as never);
  disposals.push(() => client.dispose());
  return watcher;
}

function overSocket(): Watcher {
  const watcher = new Watcher();
  const client = createSockets({
    url: `ws://127.0.0.1:${port}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${storyKey}` },
    on: watcher.on,
    retryAttempts: again.retryAttempts,
    retryWait: again.retry,
    // A server that is away answers nothing, which is no close to come back from unless told so.
    shouldRetry: () => true,
  });
  client.subscribe(watcher.request, watcher.sink as never);
  disposals.push(() => client.dispose());
  return watcher;
}

/** Writes notes until told to stop; each with a key of its own, again and again until it is answered. */
async function write(incidentId: string, who: string, stopped: () => boolean): Promise<number> {
  let written = 0;
  while (!stopped()) {
    const input = { incidentId, message: `${who} ${written}`, idempotencyKey: `${who} ${written}` };
    const done = await mutate(server.url, storyKey, 'addIncidentNote', input, 'sequence').catch(() => null);
    if (done === null) await new Promise((wake) => setTimeout(wake, 20));
    else written += 1;
  }
  return written;
}

test('clients of either transport see every event once across restarts, and streams are not cut', async () => {
  const { incident } = await mutate<{ incident: { id: string } }>(
    server.url,
    storyKey,
    'declareIncident',
    { title: 'Upgrade', severity: 'SEV4' },
    'incident { id }',
  );
  const watchers = [overStream(), overStream(), overSocket()];
  let stopped = false;
  const writers = ['a', 'b', 'c'].map((who) => write(incident.id, who, () => stopped));
  for (let restart = 0; restart < restarts; restart += 1) {
    await expect
      .poll(() => Math.min(...watchers.map(({ connections }) => connections)), { timeout: 20_000 })
      .toBeGreaterThan(restart);
    await new Promise((wake) => setTimeout(wake, 500));
    const raw = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        authorization: `Bearer ${storyKey}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ query }),
    });
    const [text, code] = await Promise.all([raw.text(), server.stop()]);
    expect(code).toBe(0);
    expect(text).not.toContain('event: complete');
    server = await start();
  }
  stopped = true;
  const written = (await Promise.all(writers)).reduce((sum, count) => sum + count, 0);
  const { data } = await post<{ ledgerHead: { sequence: number } }>(
    server.url,
    storyKey,
    '{ ledgerHead { sequence } }',
  );
  const head = data?.ledgerHead.sequence ?? 0;
  expect(written).toBeGreaterThan(20);
  for (const watcher of watchers) {
    await expect.poll(() => watcher.sequences.at(-1), { timeout: 20_000 }).toBe(head);
    expect(watcher.sequences).toEqual(Array.from({ length: head }, (_, index) => index + 1));
    expect(watcher).toMatchObject({ problems: [], ended: false });
    expect(watcher.connections).toBeGreaterThan(restarts);
  }
}, 120_000);
