import { BlockList } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toGlobalId } from '../../src/graphql/globalId.ts';
import { mutate, post, socketClient } from '../support/graphqlClient.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';

interface Kept {
  readonly at: string;
  readonly actor: { readonly kind: string; readonly name: string };
  readonly superadmin: boolean;
  readonly credentialId: string;
  readonly operation: string;
  readonly field: string;
  readonly subjects: readonly string[];
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly outcome: string;
  readonly requestId: string;
}

let serving: Serving;
let viewerKey: string;
let incidentId: string;
let apiKeyId: string;
let seen = 0;

beforeAll(async () => {
  const trustedProxies = new BlockList();
  trustedProxies.addAddress('127.0.0.1');
  serving = await startServing({ trustedProxies });
  const made = await mutate<{ secret: string; apiKey: { id: string } }>(
    serving.url,
    servingKey,
    'createApiKey',
    { name: 'viewer', role: 'VIEWER', scopes: ['READ'] },
    'secret apiKey { id }',
  );
  viewerKey = made.secret;
  apiKeyId = made.apiKey.id;
  const declared = await mutate<{ incident: { id: string } }>(
    serving.url,
    servingKey,
    'declareIncident',
    { title: 'Checkout answers 500', severity: 'SEV3' },
    'incident { id }',
  );
  incidentId = declared.incident.id;
});
afterAll(() => serving?.stop());

/** Everything the log holds, oldest first, straight from the table: reading it by the API would be in it, too. */
async function everything(): Promise<Record<string, unknown>[]> {
  const [organization] = await serving.database.asPlatform<{ id: string }>(
    "SELECT organization_id AS id FROM warroom.organization WHERE slug = 'default'",
  );
  return serving.database.asOrganization(
    organization?.id ?? '',
    'SELECT * FROM warroom.access_log ORDER BY at, id',
  );
}

beforeEach(async () => {
  seen = (await everything()).length;
});

/** What was added since the test began: `field outcome`, with the operation's kind before. */
async function added(): Promise<string[]> {
  const rows = (await everything()).slice(seen);
  return rows.map(({ operation, field, outcome }) => `${operation} ${field} ${outcome}`);
}

const logIncidentReads = (on: boolean) =>
  mutate(serving.url, servingKey, 'setAccessLogPolicy', { logIncidentReads: on }, 'sequence');
/** A policy is believed for a second. */
const second = () => new Promise((resolve) => setTimeout(resolve, 1_100));

describe('an administrator reads and changes', () => {
  test('members, keys, the policy, the ledger and the log itself, each kept before it is shown', async () => {
    const { errors } = await post(
      serving.url,
      servingKey,
      `{ members { nodes { role } } again: members { nodes { role } } apiKeys { nodes { name } } policy { version }
         administrationEvents { nodes { type } } ledgerHead(ledger: ADMINISTRATION) { sequence } viewer { role } }`,
    );
    expect(errors).toEqual([]);
    expect(await added()).toEqual(
      ['members', 'apiKeys', 'policy', 'administrationEvents', 'administrationLedgerHead'].map(
        (field) => `QUERY ${field} ALLOWED`,
      ),
    );
    const log = await post<{ accessLog: { nodes: Kept[] } }>(
      serving.url,
      servingKey,
      `{ accessLog(first: 2) { nodes { at actor { kind name } superadmin credentialId operation field subjects
         address userAgent outcome requestId } } }`,
    );
    const [newest, before] = log.data?.accessLog.nodes ?? [];
    // It was written before it was read, so it is its own first entry.
    expect(newest).toMatchObject({ field: 'accessLog', operation: 'QUERY', superadmin: false });
    expect(newest?.actor).toEqual({ kind: 'API_KEY', name: 'First key' });
    expect(newest?.address).toBe('127.0.0.1');
    expect(newest?.userAgent).toBeTruthy();
    expect(before?.field).toBe('administrationLedgerHead');
    expect(before?.requestId).not.toBe(newest?.requestId);
    const rows = (await everything()).slice(seen, seen + 5);
    expect(new Set(rows.map(({ request_id }) => request_id)).size).toBe(1);
  });

  test('a key by its id, in whatever words', async () => {
    const event = toGlobalId('AdministrationEvent', 'A:1');
    await post(
      serving.url,
      servingKey,
      `query($ids: [ID!]!) { nodes(ids: $ids) { id ... on ApiKey { name } ... on LedgerEvent { message } } }`,
      { ids: [apiKeyId, incidentId, event, 'nonsense'] },
    );
    expect(await added()).toEqual(['QUERY apiKeys ALLOWED', 'QUERY administrationEvents ALLOWED']);
    expect((await everything()).at(-2)?.subjects).toEqual([apiKeyId]);
  });

  test('nothing that is left out, or whose variables do not fit', async () => {
    const query = 'query($with: Boolean!) { viewer { role } members @include(if: $with) { nodes { role } } }';
    await post(serving.url, servingKey, query, { with: false });
    await post(serving.url, servingKey, query, {});
    expect(await added()).toEqual([]);
    await post(serving.url, servingKey, query, { with: true });
    expect(await added()).toEqual(['QUERY members ALLOWED']);
  });

  test('the session gate of others, which is no reading of incidents', async () => {
    const userId = toGlobalId('User', 'somebody');
    const query = `{ sessionGate(userId: "${userId}") { blocked } }`;
    await post(serving.url, servingKey, query);
    await post(serving.url, viewerKey, query);
    expect(await added()).toEqual(['QUERY sessionGateOfOthers ALLOWED', 'QUERY sessionGateOfOthers REFUSED']);
    expect((await everything()).at(-1)?.subjects).toEqual([userId]);
    const gateKey = await mutate<{ secret: string }>(
      serving.url,
      servingKey,
      'createApiKey',
      { name: 'gate', role: 'VIEWER', scopes: ['GATE'] },
      'secret',
    );
    const before = await added();
    expect((await post(serving.url, gateKey.secret, query)).errors).toEqual([]);
    expect(await added()).toEqual(before);
  });

  test('in a mutation, also one that changes nothing', async () => {
    await mutate(serving.url, servingKey, 'setSlaPolicy', { targets: [] }, 'policy { version }');
    expect(await added()).toEqual(['MUTATION setSlaPolicy ALLOWED']);
  });
});

describe('whoever may not', () => {
  test('is kept with what they tried, and not with what they may', async () => {
    const { errors } = await post(
      serving.url,
      viewerKey,
      '{ members { nodes { role } } policy { version } apiKeys { nodes { name } } }',
    );
    expect(errors.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN']);
    const revoke = 'mutation($id: ID!) { revokeApiKey(input: { apiKeyId: $id }) { __typename } }';
    await post(serving.url, viewerKey, revoke, { id: apiKeyId });
    expect(await added()).toEqual(['QUERY apiKeys REFUSED', 'MUTATION revokeApiKey REFUSED']);
    expect((await everything()).at(-1)?.subjects).toEqual([apiKeyId]);
    const refused = await post<{ accessLog: { nodes: Kept[] } }>(
      serving.url,
      servingKey,
      'query($id: ID!) { accessLog(filter: { outcome: REFUSED, actorId: $id, fields: ["apiKeys"] }) { nodes { field } } }',
      { id: apiKeyId },
    );
    expect(refused.data?.accessLog.nodes).toEqual([{ field: 'apiKeys' }]);
  });
});

describe('where it came from', () => {
  test('is what a trusted proxy says, over each way in', async () => {
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${servingKey}`,
      'x-forwarded-for': '1.1.1.1, 203.0.113.9',
      'user-agent': 'auditor/1',
      'x-request-id': 'request-of-a-proxy',
    };
    const body = JSON.stringify({ query: '{ apiKeys { nodes { name } } }' });
    for (const accept of ['application/json', 'application/json;q=1']) {
      await fetch(`${serving.url}/graphql`, { method: 'POST', headers: { ...headers, accept }, body });
    }
    const rows = (await everything()).slice(seen);
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(row).toMatchObject({
        address: '203.0.113.9',
        user_agent: 'auditor/1',
        request_id: 'request-of-a-proxy',
      });
    }
  });
});

describe('incident reads by people', () => {
  const read = (key: string, id = incidentId) =>
    post(serving.url, key, 'query($id: ID!) { incident(id: $id) { title } }', { id });

  test('are kept when the policy says so, from the next second on, and not before', async () => {
    await read(viewerKey);
    expect(await added()).toEqual([]);
    await logIncidentReads(true);
    await second();
    await read(viewerKey);
    await post(serving.url, viewerKey, '{ incident(reference: "INC-001") { title } }');
    await post(serving.url, viewerKey, 'query($id: ID!) { node(id: $id) { id } }', { id: incidentId });
    expect((await added()).slice(1)).toEqual(Array(3).fill('QUERY incident ALLOWED'));
    expect((await everything()).slice(-3).map(({ subjects }) => subjects)).toEqual([
      [incidentId],
      ['INC-001'],
      [incidentId],
    ]);
    await logIncidentReads(false);
    await second();
    seen = (await everything()).length;
    await read(viewerKey);
    expect(await added()).toEqual([]);
  });

  test('over WebSocket and event stream are kept once, when they begin', async () => {
    await logIncidentReads(true);
    await second();
    seen = (await everything()).length;
    const clients = [socketClient(serving.url, viewerKey), socketClient(serving.url, servingKey)];
    const streams = clients.map((client) =>
      client.iterate({ query: 'subscription { incidentEvents(after: 0) { sequence } }' }),
    );
    for (const stream of streams) await stream.next();
    const [first] = clients;
    for await (const result of first?.iterate({ query: '{ incidents { nodes { title } } }' }) ?? []) {
      expect(result.errors).toBeUndefined();
    }
    const response = await fetch(`${serving.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${viewerKey}`,
      },
      body: JSON.stringify({
        query: 'subscription($id: ID!) { incidentChanged(id: $id) { title } }',
        variables: { id: incidentId },
      }),
    });
    await response.body?.getReader().read();
    for (const stream of streams) await stream.return?.();
    for (const client of clients) await client.dispose();
    expect(await added()).toEqual([
      'SUBSCRIPTION incidentEvents ALLOWED',
      'SUBSCRIPTION incidentEvents ALLOWED',
      'QUERY incidents ALLOWED',
      'SUBSCRIPTION incidentChanged ALLOWED',
    ]);
    for (const row of (await everything()).slice(-4)) expect(row.address).toBe('127.0.0.1');
    await logIncidentReads(false);
  });
});

describe('what cannot be kept', () => {
  test('is refused with OVERLOADED, over each way in, and nothing is changed', async () => {
    const lost = await startServing({ writeAccess: () => Promise.reject(new Error('no room')) });
    try {
      const query = '{ apiKeys { nodes { name } } }';
      const direct = await post(lost.url, servingKey, query);
      expect(direct).toMatchObject({ status: 503, data: null });
      expect(direct.errors[0]?.extensions).toMatchObject({ code: 'OVERLOADED', retryAfterSeconds: 1 });
      expect(JSON.stringify(direct)).not.toContain('no room');
      const yoga = await fetch(`${lost.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json;q=1',
          authorization: `Bearer ${servingKey}`,
        },
        body: JSON.stringify({ query }),
      });
      expect([yoga.status, yoga.headers.get('retry-after')]).toEqual([503, '1']);
      const key =
        'mutation { createApiKey(input: { name: "x", role: VIEWER, scopes: [READ] }) { __typename } }';
      expect((await post(lost.url, servingKey, key)).errors[0]?.extensions?.code).toBe('OVERLOADED');
      const made = await lost.database.asPlatform('SELECT 1 FROM warroom.api_key');
      expect(made).toHaveLength(1);
      const client = socketClient(lost.url, servingKey);
      const over = await client.iterate({ query }).next();
      expect(over.value?.errors?.[0]?.extensions?.code).toBe('OVERLOADED');
      // What need not be kept is answered.
      expect((await post(lost.url, servingKey, '{ incidents { nodes { id } } }')).errors).toEqual([]);
      await client.dispose();
    } finally {
      await lost.stop();
    }
  });
});
