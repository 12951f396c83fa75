import { Agent, request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutate, post } from '../support/graphqlClient.ts';
import { type ServerProcess, startServerProcess, storyKey } from '../support/serverProcess.ts';
import { openStoryDatabase, type StoryDatabase } from '../support/storyDatabase.ts';

// Everything fires at once: 50 connections bring alerts in, each of them twice, as senders do that were not answered.

const alerts = Number(process.env.WARROOM_ALERTS ?? 400);
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

test(`${alerts} alerts from ${connections} connections, each twice: none is lost, none is two`, async () => {
  const { secret } = await mutate<{ secret: string }>(
    server.url,
    storyKey,
    'createApiKey',
    { name: 'alerts', role: 'MEMBER', scopes: ['INGEST'] },
    'secret',
  );
  const took: number[] = [];
  const from = performance.now();
  let next = 0;
  const bring = async () => {
    for (let n = next++; n < 2 * alerts; n = next++) {
      const answer = await send(secret, n % alerts);
      expect(answer.status).toBe(200);
      took.push(answer.took);
    }
  };
  await Promise.all(Array.from({ length: connections }, bring));
  const seconds = (performance.now() - from) / 1_000;
  took.sort((a, b) => a - b);
  const answeredWithin = (share: number) => (took[Math.floor(took.length * share)] ?? 0).toFixed(0);
  const perSecond = ((2 * alerts) / seconds).toFixed(0);
  console.info(
    `${2 * alerts} deliveries in ${seconds.toFixed(1)} s, ${perSecond} a second; answered in ${answeredWithin(0.5)} ms (p50), ${answeredWithin(0.99)} ms (p99) (${database.mode})`,
  );

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
  expect(new Set(counts)).toEqual(new Set([2]));
}, 600_000);
