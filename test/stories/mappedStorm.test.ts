import { Agent, request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutate, post } from '../support/graphqlClient.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';

// A storm of JSON that a mapping reads: it is slowed, not refused, and another key's hostile mapping does not slow it.

const posts = 1_000;
const connections = 50;
const groups = 40;

let serving: Serving;
let agent: Agent;
beforeAll(async () => {
  serving = await startServing();
  agent = new Agent({ keepAlive: true, maxSockets: 2 * connections });
});
afterAll(async () => {
  agent?.destroy();
  await serving?.stop();
});

/** A key whose bodies are read by a mapping. */
async function keyWith(name: string, mapping: string): Promise<string> {
  const key = await mutate<{ secret: string; apiKey: { id: string } }>(
    serving.url,
    servingKey,
    'createApiKey',
    { name, role: 'MEMBER', scopes: ['INGEST'] },
    'secret apiKey { id }',
  );
  const configuration = { apiKeyId: key.apiKey.id, mapping };
  await mutate(serving.url, servingKey, 'setIngestConfiguration', configuration, 'apiKey { id }');
  return key.secret;
}

function send(key: string, body: object): Promise<number> {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const options = { agent, method: 'POST', headers: { 'content-length': Buffer.byteLength(text) } };
    const sent = request(`${serving.url}/inbound/json/${key}`, options, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end(text);
  });
}

async function counted(key: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  let next = 0;
  const bring = async () => {
    for (let n = next++; n < posts; n = next++) {
      const status = await send(key, { id: `host-${n % groups}`, name: `Disk of ${n % groups}`, check: n });
      counts[status] = (counts[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, bring));
  return counts;
}

/** The fingerprints of all signals there are. */
async function signals(): Promise<readonly string[]> {
  const fingerprints: string[] = [];
  let after: string | null = null;
  do {
    const { data }: { data: { signals: SignalPage } | null } = await post(
      serving.url,
      servingKey,
      'query($after: String) { signals(first: 100, after: $after) { nodes { fingerprint count } pageInfo { hasNextPage endCursor } } }',
      { after },
    );
    fingerprints.push(
      ...(data?.signals.nodes ?? []).map(({ fingerprint, count }) => `${fingerprint} ${count}`),
    );
    after = data?.signals.pageInfo.hasNextPage === true ? data.signals.pageInfo.endCursor : null;
  } while (after !== null);
  return fingerprints;
}

interface SignalPage {
  readonly nodes: readonly { readonly fingerprint: string; readonly count: number }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}

test(`${posts} posts from ${connections} connections are all taken in, each once, beside a hostile mapping`, async () => {
  const key = await keyWith(
    'monitors',
    '{"key": id, "title": name, "fingerprint": check, "severity": "info"}',
  );
  const hostile = await keyWith('hostile', '($f := function() { $f() }; $f())');
  const slow = Array.from({ length: connections }, (_, n) => send(hostile, { n }));
  expect(await counted(key)).toEqual({ 200: posts });
  expect(new Set(await Promise.all(slow))).toEqual(new Set([503]));

  const { data } = await post<{ incidents: { nodes: { title: string }[] } }>(
    serving.url,
    servingKey,
    '{ incidents(first: 100) { nodes { title } } }',
  );
  const titles = data?.incidents.nodes.map(({ title }) => title) ?? [];
  expect([titles.length, new Set(titles).size]).toEqual([groups, groups]);
  const brought = await signals();
  expect([brought.length, new Set(brought).size]).toEqual([posts, posts]);
  expect(brought.filter((one) => !one.endsWith(' 1'))).toEqual([]);
}, 120_000);
