import { readFileSync } from 'node:fs';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { compareProjections } from '../../src/store/compareProjections.ts';
import { post } from '../support/graphqlClient.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';

// Keys are given new secrets while programs use them: over HTTP, WebSocket, event streams and a connector.

let serving: Serving;
/** Moved by the test; the machine's clock otherwise. */
let ahead = 0;

beforeAll(async () => {
  serving = await startServing({ clock: { now: () => new Date(Date.now() + ahead).toISOString() } });
});
afterAll(() => serving?.stop());

async function administer<T>(query: string): Promise<T> {
  const { data, errors } = await post<T>(serving.url, servingKey, query);
  expect(errors).toEqual([]);
  return data as T;
}

async function made(scopes: string): Promise<{ readonly id: string; readonly secret: string }> {
  const { createApiKey } = await administer<{ createApiKey: { apiKey: { id: string }; secret: string } }>(
    `mutation { createApiKey(input: { name: "rotated", role: MEMBER, scopes: [${scopes}] }) {
       ... on CreateApiKeyPayload { apiKey { id } secret } } }`,
  );
  return { id: createApiKey.apiKey.id, secret: createApiKey.secret };
}

async function rotated(id: string, overlapMinutes: number): Promise<string> {
  const { rotateApiKey } = await administer<{ rotateApiKey: { secret: string } }>(
    `mutation { rotateApiKey(input: { apiKeyId: "${id}", overlapMinutes: ${overlapMinutes} }) {
       ... on RotateApiKeyPayload { secret } ... on UserError { message } } }`,
  );
  return rotateApiKey.secret;
}

const actorOf = async (secret: string) => {
  const { status, data } = await post<{ viewer: { actor: { id: string } } }>(
    serving.url,
    secret,
    '{ viewer { actor { id } } }',
  );
  return data?.viewer.actor.id ?? status;
};

/** Opens a socket; answers what it is closed with. */
async function watched(secret: string): Promise<{ readonly closed: Promise<number>; isOpen(): boolean }> {
  const client = createClient({
    url: `${serving.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${secret}` },
    retryAttempts: 0,
    lazy: false,
    onNonLazyError: () => {},
  });
  let open = true;
  const closed = new Promise<number>((resolve) => {
    client.on('closed', (event) => {
      open = false;
      resolve((event as { code: number }).code);
    });
  });
  await new Promise<void>((resolve) => client.on('connected', () => resolve()));
  return { closed, isOpen: () => open };
}

/** Opens an event stream; resolves when it ends. */
async function streamed(secret: string): Promise<{ readonly ended: Promise<void> }> {
  const response = await fetch(`${serving.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${secret}`,
    },
    body: JSON.stringify({ query: 'subscription { incidentEvents { sequence } }' }),
  });
  expect(response.status).toBe(200);
  const ended = (async () => {
    for await (const _chunk of response.body ?? []);
  })().catch(() => undefined);
  return { ended };
}

describe('a rotated key', () => {
  test('has two secrets until the overlap ends, and is the same key with both', async () => {
    const { id, secret } = await made('READ');
    const open = { socket: await watched(secret), stream: await streamed(secret) };
    const next = await rotated(id, 60);
    expect([await actorOf(secret), await actorOf(next)]).toEqual([id, id]);
    const anew = await watched(next);
    // Long enough for the doubt to have been looked into.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect([open.socket.isOpen(), anew.isOpen()]).toEqual([true, true]);
    const from = performance.now();
    ahead += 61 * 60_000;
    expect(await open.socket.closed).toBe(4403);
    expect(performance.now() - from).toBeLessThan(5_000);
    await expect.poll(() => actorOf(secret), { timeout: 3_000 }).toBe(401);
    expect(await actorOf(next)).toBe(id);
    expect(anew.isOpen()).toBe(true);
    expect(await compareProjections(serving.database, await organizationId())).toEqual([]);
  }, 30_000);

  test('without an overlap closes what is open with the old secret within 5 s', async () => {
    const { id, secret } = await made('READ');
    const open = { socket: await watched(secret), stream: await streamed(secret) };
    const from = performance.now();
    const next = await rotated(id, 0);
    expect(await open.socket.closed).toBe(4403);
    await open.stream.ended;
    expect(performance.now() - from).toBeLessThan(5_000);
    expect([await actorOf(secret), await actorOf(next)]).toEqual([401, id]);
  }, 30_000);

  test('twice over stops the first secret at once', async () => {
    const { id, secret } = await made('READ');
    const second = await rotated(id, 60);
    const third = await rotated(id, 60);
    await expect.poll(() => actorOf(secret), { timeout: 3_000 }).toBe(401);
    expect([await actorOf(second), await actorOf(third)]).toEqual([id, id]);
  });

  test('of a connector goes on with the incidents it opened', async () => {
    const { id, secret } = await made('INGEST');
    const alert = (name: string) =>
      readFileSync(new URL(`../inbound/fixtures/alertmanager-${name}.json`, import.meta.url), 'utf8');
    const deliver = async (key: string, body: string) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
      const { status } = await fetch(`${serving.url}/inbound/alertmanager`, {
        method: 'POST',
        headers,
        body,
      });
      return status;
    };
    expect(await deliver(secret, alert('firing'))).toBe(200);
    const next = await rotated(id, 60);
    expect(await deliver(next, alert('firing'))).toBe(200);
    expect(await deliver(next, alert('resolved'))).toBe(200);
    const { incidents, signals } = await administer<{
      incidents: { nodes: unknown[] };
      signals: { nodes: { clearedAt: string | null }[] };
    }>('{ incidents { nodes { reference } } signals { nodes { clearedAt } } }');
    expect(incidents.nodes).toHaveLength(1);
    expect(signals.nodes.length).toBeGreaterThan(0);
    expect(signals.nodes.filter(({ clearedAt }) => clearedAt === null)).toEqual([]);
  });
});

async function organizationId(): Promise<string> {
  const [row] = await serving.database.asPlatform<{ id: string }>(
    `SELECT organization_id AS id FROM warroom.organization WHERE slug = 'default'`,
  );
  return row?.id ?? '';
}
