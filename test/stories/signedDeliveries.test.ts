import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createInbound } from '../../src/inbound/route.ts';
import { compareProjections } from '../../src/store/compareProjections.ts';
import { Amazon } from '../inbound/amazon.ts';
import { fixture } from '../inbound/fixture.ts';
import { once, quiet } from '../inbound/quiet.ts';
import { post } from '../support/graphqlClient.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';

// What is signed is sent a thousand times over, and counts once. A secret is given to a key and never shown again.

const secret = 'client-secret-0123456789';
const amazon = new Amazon();
let serving: Serving;
let key: { readonly apiKey: { readonly id: string }; readonly secret: string };

beforeAll(async () => {
  serving = await startServing({ config: { secretKey: Buffer.alloc(32, 7) } });
  const made = await administer<{ createApiKey: typeof key }>(
    `mutation { createApiKey(input: { name: "signed", role: MEMBER, scopes: [INGEST] }) {
       ... on CreateApiKeyPayload { apiKey { id } secret } } }`,
  );
  key = made.createApiKey;
});
afterAll(() => serving?.stop());

async function administer<T>(query: string): Promise<T> {
  const { data, errors } = await post<T>(serving.url, servingKey, query);
  expect(errors).toEqual([]);
  return data as T;
}

async function incidents(source: string) {
  const answer = await administer<{ incidents: { nodes: { source: string }[] } }>(
    '{ incidents(first: 50) { nodes { source } } }',
  );
  return answer.incidents.nodes.filter((incident) => incident.source === source);
}

async function organizationId(): Promise<string> {
  const [founded] = await serving.database.asPlatform<{ id: string }>(
    `select organization_id as id from warroom.organization where slug = 'default'`,
  );
  return founded?.id ?? '';
}

async function signalCounts(source: string): Promise<number[]> {
  const rows = await serving.database.asOrganization<{ count: number }>(
    await organizationId(),
    'select count from warroom.signal where source = $1',
    [source],
  );
  return rows.map(({ count }) => count);
}

describe('Sentry', () => {
  const body = JSON.stringify(fixture('sentry-event-alert'));
  const send = (text = body, signedWith = secret) =>
    fetch(`${serving.url}/inbound/sentry/${key.secret}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'sentry-hook-timestamp': String(Math.floor(Date.now() / 1_000)),
        'sentry-hook-signature': createHmac('sha256', signedWith).update(text).digest('hex'),
      },
      body: text,
    }).then(async (response) => {
      await response.arrayBuffer();
      return response.status;
    });

  test('is not believed before its secret is known; then it is, once for a thousand', async () => {
    expect(await send()).toBe(401);
    const configured = await administer(
      `mutation { setIngestConfiguration(input: { apiKeyId: "${key.apiKey.id}", signingSecret: "${secret}" }) {
         ... on SetIngestConfigurationPayload { apiKey { ingest { hasSigningSecret } } events { body } }
         ... on UserError { message } } }`,
    );
    expect(configured).toMatchObject({
      setIngestConfiguration: { apiKey: { ingest: { hasSigningSecret: true } } },
    });
    expect(JSON.stringify(configured)).not.toContain(secret);
    for (let time = 0; time < 20; time++) {
      const statuses = await Promise.all(Array.from({ length: 50 }, () => send()));
      expect(new Set(statuses)).toEqual(new Set([200]));
    }
    expect(await incidents('sentry')).toEqual([{ source: 'sentry' }]);
    expect(await signalCounts('sentry')).toEqual([1]);
  }, 60_000);

  test('is stored encrypted, where nobody who serves people may read it', async () => {
    const rows = await serving.database.asPlatform<{ sealed: Buffer }>(
      'select sealed from warroom.signing_secret',
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.sealed.includes(secret)).toBe(false);
    const id = await organizationId();
    const asApp = serving.database.asOrganization(id, 'select 1 from warroom.signing_secret', []);
    await expect(asApp).rejects.toThrow('permission denied');
    expect(await compareProjections(serving.database, id)).toEqual([]);
  });

  test('is not believed any more once the secret is another, or gone', async () => {
    const set = (value: string) =>
      administer(`mutation { setIngestConfiguration(input: { apiKeyId: "${key.apiKey.id}", signingSecret: ${value} }) {
        ... on UserError { message } } }`);
    await set('"another secret"');
    expect([await send(), await send(body, 'another secret')]).toEqual([401, 200]);
    await set('null');
    expect(await send(body, 'another secret')).toBe(401);
  });
});

test('Amazon SNS counts once for a thousand', async () => {
  const { handle } = serving;
  const id = Buffer.from(key.apiKey.id, 'base64').toString().split(':').at(-1) ?? '';
  const principal = {
    organizationId: await organizationId(),
    organizationSlug: 'default',
    actor: { kind: 'INTEGRATION', id, role: 'MEMBER' },
    scopes: ['INGEST'],
    credentialId: id,
  } as const;
  const inbound = createInbound({
    ...quiet,
    handle,
    authenticateKey: () => principal,
    now: () => new Date().toISOString(),
    fetchFromAmazon: amazon.fetch,
  });
  const message = amazon.signed(amazon.notification({}, { Timestamp: new Date().toISOString() }));
  const send = async () => {
    const body = once(JSON.stringify(message));
    return (
      await inbound({ method: 'POST', path: '/inbound/sns/key', headers: {}, body, remoteAddress: null })
    )?.status;
  };
  for (let time = 0; time < 20; time++) {
    expect(new Set(await Promise.all(Array.from({ length: 50 }, send)))).toEqual(new Set([200]));
  }
  expect(await incidents('cloudwatch')).toEqual([{ source: 'cloudwatch' }]);
  expect(await signalCounts('cloudwatch')).toEqual([1]);
}, 60_000);
