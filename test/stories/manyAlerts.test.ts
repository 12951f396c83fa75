import { Agent, request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutate, post } from '../support/graphqlClient.ts';
import { type ServerProcess, startServerProcess, storyKey } from '../support/serverProcess.ts';
import { openStoryDatabase, type StoryDatabase } from '../support/storyDatabase.ts';

// Everything fires at once: 50 connections bring alerts in, and some of them twice, as senders do that were not answered.

const isOnServer = (process.env.WARROOM_TEST_DATABASE_URL ?? '') !== '';
/** On a server as many as the issue asks for; the embedded database is there to try things out. */
const alerts = Number(process.env.WARROOM_ALERTS ?? (isOnServer ? 10_000 : 400));
/** The first of them, which come once more. */
const again = Math.min(alerts, 1_000);
const connections = 50;
/** Groups of alerts, so incidents: at most as many as one page lists. */
const groups = 40;

let database: StoryDatabase;
let server: ServerProcess;
const agent = new Agent({ keepAlive: true, maxSockets: connections });

beforeAll(async () => {
  database = await openStoryDatabase();
  server = await startServerProcess(database.environment);
});
afterAll(async () => {
  agent.destroy();
  await server?.stop();
  await database?.drop();
});

/** Sends one alert; answers the status and the milliseconds until then. */
function send(key: string, n: number): Promise<{ readonly status: number; readonly took: number }> {
  const body = JSON.stringify({
    version: '4',
    groupKey: `group ${n % groups}`,
    status: 'firing',
    alerts: [
      { status: 'firing', fingerprint: `alert-${n}`, labels: { alertname: 'Down', severity: 'info' } },
    ],
  });
  const from = performance.now();
  return new Promise((resolve, reject) => {
    const options = { agent, method: 'POST', headers: { 'content-length': Buffer.byteLength(body) } };
    const sent = request(`${server.url}/inbound/alertmanager/${key}`, options, (response) => {
      response.resume();
      response.on('end', () => resolve({ status: response.statusCode ?? 0, took: performance.now() - from }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Brings the first `count` alerts in, over all connections; answers how long each took to be answered. */
async function bring(key: string, count: number): Promise<readonly number[]> {
  const took: number[] = [];
  let next = 0;
  const one = async () => {
    for (let n = next++; n < count; n = next++) {
      const answer = await send(key, n);
      expect(answer.status).toBe(200);
      took.push(answer.took);
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
  return took;
}

/** What is looked at, and never judged here: it depends on the machine. */
function summaryOf(took: readonly number[], seconds: number): string {
  const sorted = took.toSorted((a, b) => a - b);
  const within = (share: number) => `${(sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(0)} ms`;
  const all = `${took.length} alerts in ${seconds.toFixed(1)} s, ${(took.length / seconds).toFixed(0)} a second`;
  return `${all}; answered in ${within(0.5)} (p50), ${within(0.99)} (p99) (${database.mode})`;
}

test(`${alerts} alerts from ${connections} connections, ${again} of them twice: none is lost, none is two`, async () => {
  const { secret } = await mutate<{ secret: string }>(
    server.url,
    storyKey,
    'createApiKey',
    { name: 'alerts', role: 'MEMBER', scopes: ['INGEST'] },
    'secret',
  );
  const from = performance.now();
  const took = await bring(secret, alerts);
  console.info(summaryOf(took, (performance.now() - from) / 1_000));
  await bring(secret, again);

  const { data } = await post<{ incidents: { nodes: { id: string }[] } }>(
    server.url,
    storyKey,
    '{ incidents(first: 100) { nodes { id } } }',
  );
  expect(data?.incidents.nodes).toHaveLength(groups);
  const fingerprints: string[] = [];
  const counts: number[] = [];
  let after: string | null = null;
  do {
    const page: {
      data: {
        signals: {
          nodes: { fingerprint: string; count: number }[];
          pageInfo: { hasNextPage: boolean; endCursor: string | null };
        };
      } | null;
    } = await post(
      server.url,
      storyKey,
      'query($after: String) { signals(first: 100, after: $after) { nodes { fingerprint count } pageInfo { hasNextPage endCursor } } }',
      { after },
    );
    for (const { fingerprint, count } of page.data?.signals.nodes ?? []) {
      fingerprints.push(fingerprint);
      counts.push(count);
    }
    after = page.data?.signals.pageInfo.hasNextPage ? page.data.signals.pageInfo.endCursor : null;
  } while (after !== null);
  expect(fingerprints).toHaveLength(alerts);
  expect(new Set(fingerprints).size).toBe(alerts);
  expect(counts.filter((count) => count === 2)).toHaveLength(again);
  expect(counts.filter((count) => count === 1)).toHaveLength(alerts - again);
}, 600_000);
