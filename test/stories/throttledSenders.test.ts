import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutate, post } from '../support/graphqlClient.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';

// A key that has sent all it may for now: each sender is told so in the way that has it come again.

let serving: Serving;
let key = '';
beforeAll(async () => {
  serving = await startServing();
  const input = { name: 'sender', role: 'MEMBER', scopes: ['INGEST'] };
  const made = await mutate<{ secret: string; apiKey: { id: string } }>(
    serving.url,
    servingKey,
    'createApiKey',
    input,
    'secret apiKey { id }',
  );
  key = made.secret;
  const configuration = { apiKeyId: made.apiKey.id, requestsPerMinute: 1 };
  await mutate(serving.url, servingKey, 'setIngestConfiguration', configuration, 'apiKey { id }');
  expect((await send('/inbound/json/KEY', { key: 'a', title: 'A' })).status).toBe(200);
});
afterAll(() => serving?.stop());

async function send(path: string, body: object): Promise<Response> {
  const text = JSON.stringify(body).replace('KEY', key);
  const headers = { authorization: `GenieKey ${key}` };
  const response = await fetch(serving.url + path.replace('KEY', key), {
    method: 'POST',
    body: text,
    headers,
  });
  await response.arrayBuffer();
  return response;
}

const payload = { summary: 's', source: 'x', severity: 'error' };

test.each([
  ['/inbound/alertmanager/KEY', {}, 503],
  ['/inbound/grafana/KEY', {}, 503],
  ['/inbound/datadog/KEY', {}, 503],
  ['/inbound/sns/KEY', {}, 503],
  ['/inbound/sentry/KEY', {}, 503],
  ['/inbound/json/KEY', {}, 429],
  ['/inbound/errors/KEY', {}, 429],
  ['/inbound/incidents/KEY', {}, 429],
  ['/v2/enqueue', { routing_key: 'KEY', event_action: 'trigger', payload }, 429],
  ['/v2/change/enqueue', { routing_key: 'KEY', payload }, 429],
  ['/v2/alerts', { message: 'm' }, 429],
])('%s is told when to come again', async (path, body, status) => {
  const answer = await send(path, body);
  expect(answer.status).toBe(status);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(20);
});

test('and nothing of it is kept, nor what is refused past the limit', async () => {
  expect((await send('/v2/enqueue', { routing_key: 'KEY' })).status).toBe(400);
  const query = '{ deadLetters(first: 5) { nodes { id } } signals(first: 5) { nodes { id } } }';
  const { data } = await post<{ deadLetters: object; signals: { nodes: object[] } }>(
    serving.url,
    servingKey,
    query,
  );
  expect([data?.deadLetters, data?.signals.nodes.length]).toEqual([{ nodes: [] }, 1]);
});

test('and its key shows that it was refused', async () => {
  const query = '{ apiKeys(first: 5) { nodes { name rateLimitedCount lastRateLimitedAt } } }';
  type Shown = {
    apiKeys: { nodes: { name: string; rateLimitedCount: number; lastRateLimitedAt: string }[] };
  };
  const shown = async () => {
    const { data } = await post<Shown>(serving.url, servingKey, query);
    return data?.apiKeys.nodes.find(({ name }) => name === 'sender');
  };
  await expect.poll(async () => (await shown())?.rateLimitedCount).toBeGreaterThan(0);
  expect(Date.parse((await shown())?.lastRateLimitedAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
});
