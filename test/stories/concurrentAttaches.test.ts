import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutate, post } from '../support/graphqlClient.ts';
import { type ServerProcess, startServerProcess, storyKey } from '../support/serverProcess.ts';
import { openStoryDatabase, type StoryDatabase } from '../support/storyDatabase.ts';

const attaches = 1_000;

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
  const answer = await post<{ incident: { version: number; signals: { totalCount?: number } } }>(
    server.url,
    storyKey,
    'query($id: ID!) { incident(id: $id) { version } }',
    { id: incident.id },
  );
  expect(answer.data?.incident.version).toBe(attaches + 1);
}, 120_000);
