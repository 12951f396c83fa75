import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readGlobalId } from '../../src/graphql/globalId.ts';
import { type ActionReceiver, startActionReceiver } from '../support/actionReceiver.ts';
import { runCommand } from '../support/command.ts';
import { mutate, post, socketClient } from '../support/graphqlClient.ts';
import { type ServerProcess, startServerProcess, storyKey } from '../support/serverProcess.ts';
import { openStoryDatabase, type StoryDatabase } from '../support/storyDatabase.ts';
import { wholeLedger } from './ledger.ts';

// Two hundred and forty targets are muted through a real webhook, and the server is killed three times over it: early, late, and
// when the last target is asked about. The receiver does what it is asked for before it answers.

const targetCount = 240;
const concurrency = 5;
/** The server is killed as soon as so many targets have been asked about. */
const killedAt = [60, 170, targetCount];
const answersAfter = 15;

let database: StoryDatabase;
let server: ServerProcess;
let receiver: ActionReceiver;

beforeAll(async () => {
  database = await openStoryDatabase();
  receiver = await startActionReceiver();
  receiver.answer = ({ target }, response) =>
    void setTimeout(() => response.writeHead(isRefused(target) ? 422 : 200).end(target), answersAfter);
  server = await start();
});
afterAll(async () => {
  await server?.stop();
  receiver?.stop();
  await database?.drop();
});

const start = () => startServerProcess({ ...database.environment, WARROOM_OUTBOUND_ALLOW: '127.0.0.1' });
const isRefused = (target: string): boolean => target.endsWith('0');
const targets = Array.from({ length: targetCount }, (_, n) => `subscription-${n}`);

async function read<T>(query: string, variables: Record<string, unknown>): Promise<T> {
  const { data, errors } = await post<T>(server.url, storyKey, query, variables);
  if (data === null) throw new Error(JSON.stringify(errors));
  return data;
}

/** A burst of all the targets; its incident. */
async function burst(): Promise<string> {
  const key = { name: 'reminders', role: 'MEMBER', scopes: ['INGEST'] };
  const { secret } = await mutate<{ secret: string }>(server.url, storyKey, 'createApiKey', key, 'secret');
  const runs = targets.map((target) => ({ source: 'reminders', runId: target, target, status: 'FAILED' }));
  const reported = await mutate<{ runs: { incidentId: string }[] }>(
    server.url,
    secret,
    'reportRuns',
    { runs },
    'runs { incidentId }',
  );
  return reported.runs[0]?.incidentId ?? '';
}

interface Page<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** Every page of a connection. */
async function whole<T>(page: (after: string | null) => Promise<Page<T>>): Promise<readonly T[]> {
  const found: T[] = [];
  for (let after: string | null = null; ; ) {
    const { nodes, pageInfo }: Page<T> = await page(after);
    found.push(...nodes);
    if (!pageInfo.hasNextPage) return found;
    after = pageInfo.endCursor;
  }
}

interface Target {
  readonly target: string;
  readonly state: string;
  readonly webhookId: string;
  readonly response: string | null;
}

/** The targets of the bulk action with what each came to; only those in these states when said. */
const targetsOf = (id: string, state: readonly string[] | null = null) =>
  whole<Target>(async (after) => {
    const query = `query($id: ID!, $state: [BulkTargetState!], $after: String) { bulkAction(id: $id) {
      targets(first: 100, after: $after, state: $state) {
        nodes { target state webhookId response } pageInfo { hasNextPage endCursor } } } }`;
    const { bulkAction } = await read<{ bulkAction: { targets: Page<Target> } }>(query, { id, state, after });
    return bulkAction.targets;
  });

interface AuditRun {
  readonly target: string;
  readonly status: string;
  readonly bulkActionId: string | null;
  readonly incident: { readonly id: string } | null;
}

const runsOf = (incidentId: string) =>
  whole<AuditRun>(async (after) => {
    const query = `query($id: ID!, $after: String) { incident(id: $id) { runs(first: 100, after: $after) {
      nodes { target status bulkActionId incident { id } } pageInfo { hasNextPage endCursor } } } }`;
    const { incident } = await read<{ incident: { runs: Page<AuditRun> } }>(query, { id: incidentId, after });
    return incident.runs;
  });

async function finished(id: string): Promise<void> {
  const giveUpAt = performance.now() + 30_000 * server.patience;
  for (;;) {
    const query = 'query($id: ID!) { bulkAction(id: $id) { finishedAt } }';
    const { bulkAction } = await read<{ bulkAction: { finishedAt: string | null } }>(query, { id });
    if (bulkAction.finishedAt !== null) return;
    if (performance.now() > giveUpAt) throw new Error('The bulk action is never over.');
    await pause(50);
  }
}

/** What a subscription to its progress tells until it is complete: over a WebSocket, and as an event stream. */
async function progressOf(id: string): Promise<readonly string[]> {
  const query = 'subscription($id: ID!) { bulkActionProgress(id: $id) { status pendingCount } }';
  const told: string[] = [];
  const client = socketClient(server.url, storyKey);
  for await (const { data } of client.iterate({ query, variables: { id } })) told.push(JSON.stringify(data));
  await client.dispose();
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${storyKey}`,
    },
    body: JSON.stringify({ query, variables: { id } }),
  });
  return [...told, await response.text()];
}

/** Kills the server when so many targets were asked about; what had a result then, and how many requests there had been. */
async function killOnce(id: string, asked: number) {
  const giveUpAt = performance.now() + 30_000 * server.patience;
  while (new Set(receiver.received.map((one) => one.id)).size < asked) {
    if (performance.now() > giveUpAt) throw new Error(`${asked} targets are never asked about.`);
    await pause(5);
  }
  await server.stop('SIGKILL');
  server = await start();
  const over = await targetsOf(id, ['SUCCEEDED', 'FAILED']);
  return { over: over.map(({ webhookId }) => webhookId), requests: receiver.received.length };
}

test('kill -9 in the middle of a bulk action: each target has one effect and one result, and it finishes once', async () => {
  const incidentId = await burst();
  const webhook = { source: 'reminders', url: receiver.url };
  await mutate(server.url, storyKey, 'setActionWebhook', webhook, 'webhook { source }');
  const input = { incidentId, action: 'MUTE', concurrency };
  const begun = await mutate<{ bulkAction: { id: string; targetCount: number } }>(
    server.url,
    storyKey,
    'runBulkAction',
    input,
    'bulkAction { id targetCount }',
  );
  const { id } = begun.bulkAction;
  expect(begun.bulkAction.targetCount).toBe(targetCount);
  const kills: Awaited<ReturnType<typeof killOnce>>[] = [];
  for (const asked of killedAt) kills.push(await killOnce(id, asked));
  await finished(id);
  const last = '{"bulkActionProgress":{"status":"COMPLETED","pendingCount":0}}';
  const [overSocket, asStream, ...more] = await progressOf(id);
  expect([overSocket, more]).toEqual([last, []]);
  expect(asStream).toMatch(/event: next\ndata: .*"COMPLETED".*\n\nevent: complete\n/);

  // At the receiver: one key a target, none for two, and again only what was under way at a kill.
  const keys = new Map<string, string>();
  for (const one of receiver.received) {
    expect(keys.get(one.id) ?? one.target).toBe(one.target);
    keys.set(one.id, one.target);
  }
  expect([...keys.values()].sort()).toEqual([...targets].sort());
  expect(receiver.received.length - targetCount).toBeLessThanOrEqual(concurrency * killedAt.length);
  for (const { over, requests } of kills) {
    const later = new Set(receiver.received.slice(requests).map((one) => one.id));
    expect(over.filter((webhookId) => later.has(webhookId))).toEqual([]);
  }
  // The kills were where they were meant to be: in the middle, each further on.
  const done = kills.map(({ over }) => over.length);
  expect(done).toEqual([...done].sort((one, other) => one - other));
  expect(done[0]).toBeGreaterThan(0);
  expect(done[1]).toBeLessThan(targetCount);

  const results = await targetsOf(id);
  expect(results.map(({ target }) => target).sort()).toEqual([...targets].sort());
  for (const { target, state, webhookId, response } of results) {
    const expected = [isRefused(target) ? 'FAILED' : 'SUCCEEDED', target, target];
    expect([state, response, keys.get(webhookId)]).toEqual(expected);
  }

  const audit = (await runsOf(incidentId)).filter(({ bulkActionId }) => bulkActionId === id);
  expect(audit.map(({ target }) => target).sort()).toEqual([...targets].sort());
  for (const { target, status, incident } of audit)
    expect([status, incident?.id]).toEqual([isRefused(target) ? 'FAILED' : 'SUCCEEDED', incidentId]);

  const ledger = await wholeLedger(server.url);
  const events = ledger.filter(({ type }) => type.startsWith('INCIDENT_BULK_ACTION'));
  const { id: bulkActionId } = readGlobalId(id);
  expect(events.map(({ type }) => type)).toEqual([
    'INCIDENT_BULK_ACTION_STARTED',
    'INCIDENT_BULK_ACTION_FINISHED',
  ]);
  const failed = targets.filter(isRefused).length;
  const counts = { succeeded: targetCount - failed, failed, cancelled: 0 };
  expect(events[1]?.payload).toMatchObject({ bulkActionId, outcome: 'COMPLETED', ...counts });

  const query = `query($after: String) { mutedTargets(source: "reminders", first: 100, after: $after) {
    nodes { target } pageInfo { hasNextPage endCursor } } }`;
  const muted = await whole<{ target: string }>(
    async (after) => (await read<{ mutedTargets: Page<{ target: string }> }>(query, { after })).mutedTargets,
  );
  expect(muted).toHaveLength(counts.succeeded);
  expect(await runCommand(['verify'], database.environment)).toMatchObject({ code: 0 });
}, 90_000);
