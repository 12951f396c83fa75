import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GraphQLAnswer, mutate, post } from '../support/graphqlClient.ts';
import { type ServerProcess, startServerProcess, storyKey } from '../support/serverProcess.ts';
import { openStoryDatabase, type StoryDatabase } from '../support/storyDatabase.ts';

const attaches = 1_000;

interface Signals {
  readonly nodes: readonly { readonly traceId: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}

interface Page {
  readonly incident: { readonly signals: Signals };
}

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

test(`${attaches} signals attached to one incident at once: all of them apply, none is a conflict`, async () => {
  const { incident } = await mutate<{ incident: { id: string } }>(
    server.url,
    storyKey,
    'declareIncident',
    { title: 'Everything at once', severity: 'SEV3' },
    'incident { id }',
  );
  const attach = (n: number) =>
    mutate(
      server.url,
      storyKey,
      'attachSignal',
      { incidentId: incident.id, type: 'LOG', source: 'story', summary: `line ${n}`, traceId: `trace-${n}` },
      'sequence',
    );
  const done = await Promise.allSettled(Array.from({ length: attaches }, (_, n) => attach(n)));
  expect(done.filter((one) => one.status === 'rejected').slice(0, 3)).toEqual([]);
  const answer = await post<{ incident: { version: number } }>(
    server.url,
    storyKey,
    'query($id: ID!) { incident(id: $id) { version } }',
    { id: incident.id },
  );
  expect(answer.data?.incident.version).toBe(attaches + 1);
  expect((await tracesOf(incident.id)).sort()).toEqual(
    Array.from({ length: attaches }, (_, n) => `trace-${n}`).sort(),
  );
}, 120_000);

/** Trace ids of all the signals of an incident, read page by page. */
async function tracesOf(id: string): Promise<string[]> {
  const traces: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < attaches / 100 + 1; page += 1) {
    const answer: GraphQLAnswer<Page> = await post<Page>(
      server.url,
      storyKey,
      `query($id: ID!, $after: String) { incident(id: $id) { signals(first: 100, after: $after) {
         nodes { traceId } pageInfo { hasNextPage endCursor } } } }`,
      { id, after },
    );
    const signals: Signals | undefined = answer.data?.incident.signals;
    traces.push(...(signals?.nodes ?? []).map(({ traceId }) => traceId));
    if (!signals?.pageInfo.hasNextPage) break;
    after = signals.pageInfo.endCursor;
  }
  return traces;
}
