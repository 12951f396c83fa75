import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutate, socketClient } from '../support/graphqlClient.ts';
import { type ServerProcess, startServerProcess, storyKey } from '../support/serverProcess.ts';
import { openStoryDatabase, type StoryDatabase } from '../support/storyDatabase.ts';

// Runs as they are kept, over both transports: told by the instance that keeps them, and by one that is killed meanwhile.

let database: StoryDatabase;
/** Keeps the runs. */
let writer: ServerProcess;
/** Another instance where there may be one; the same on the embedded database. */
let other: ServerProcess;
let key: string;

beforeAll(async () => {
  database = await openStoryDatabase({ fresh: true });
  writer = await startServerProcess(database.environment);
  other = database.mode === 'server' ? await startServerProcess(database.environment) : writer;
  const input = { name: 'reminders', role: 'MEMBER', scopes: ['INGEST'] };
  key = (await mutate<{ secret: string }>(writer.url, storyKey, 'createApiKey', input, 'secret')).secret;
}, 120_000);
afterAll(async () => {
  await writer?.stop();
  if (other !== writer) await other?.stop();
  await database?.drop();
});

const document = 'subscription($after: SafeInt) { runsReported(after: $after) { runId sequence status } }';

interface Told {
  readonly runId: string;
  readonly sequence: number;
}

let reported = 0;
/** Reports so many runs, every tenth of them failed. */
async function report(count: number): Promise<void> {
  const runs = Array.from({ length: count }, () => {
    reported += 1;
    const status = reported % 10 === 0 ? 'FAILED' : 'SUCCEEDED';
    return { source: 'reminders', runId: `run ${reported}`, target: `t${reported % 7}`, status };
  });
  await mutate(writer.url, key, 'reportRuns', { runs }, 'runs { runId }');
}

/** Follows over a WebSocket, as a client does; `ended` once the connection is over. */
function overSocket(url: string, after: number, told: Told[]) {
  const client = socketClient(url, storyKey);
  const ended = new Promise<void>((done) => {
    client.subscribe<{ runsReported: Told }>(
      { query: document, variables: { after } },
      {
        next: ({ data }) => void (data && told.push(data.runsReported)),
        error: () => done(),
        complete: () => done(),
      },
    );
  });
  return { ended, stop: () => client.dispose() };
}

/** Follows over an event stream; answers how to leave. */
function overStream(url: string, after: number, told: Told[]): () => void {
  const sent = request(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${storyKey}`,
    },
  });
  let text = '';
  sent.once('response', (answer) => {
    answer.on('data', (chunk) => {
      text += chunk;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const json = /^data: (.+)$/m.exec(text.slice(0, end))?.[1];
        text = text.slice(end + 2);
        if (json !== undefined) told.push(JSON.parse(json).data.runsReported);
      }
    });
    answer.on('error', () => {});
  });
  sent.on('error', () => {});
  sent.end(JSON.stringify({ query: document, variables: { after } }));
  return () => sent.destroy();
}

async function until(holds: () => boolean): Promise<void> {
  for (const end = performance.now() + 20_000; !holds() && performance.now() < end; ) {
    await new Promise((wake) => setTimeout(wake, 10));
  }
}

test('1,500 runs, an instance killed in between: each once and in the same order, over both transports', async () => {
  const socket: Told[] = [];
  const stream: Told[] = [];
  let following = overSocket(other.url, 0, socket);
  const leave = overStream(writer.url, 0, stream);
  await report(100);
  await until(() => socket.length === 100 && stream.length === 100);
  await other.stop('SIGKILL');
  await following.ended;
  await following.stop();
  const isAlone = other === writer;
  if (!isAlone) await report(300);
  other = await startServerProcess(database.environment);
  if (isAlone) {
    writer = other;
    await report(300);
  }
  following = overSocket(other.url, socket.at(-1)?.sequence ?? 0, socket);
  const again = isAlone ? overStream(writer.url, stream.at(-1)?.sequence ?? 0, stream) : () => {};
  await report(1_000);
  await report(100);
  await until(() => socket.length >= 1_500 && stream.length >= 1_500);
  await following.stop();
  leave();
  again();
  expect(socket.length).toBe(1_500);
  expect(new Set(socket.map(({ runId }) => runId)).size).toBe(1_500);
  expect(stream).toEqual(socket);
  const sequences = socket.map(({ sequence }) => sequence);
  expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
}, 120_000);
