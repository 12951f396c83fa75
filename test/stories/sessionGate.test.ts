import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toGlobalId } from '../../src/graphql/globalId.ts';
import { mutate, post, socketClient } from '../support/graphqlClient.ts';
import { addMember } from '../support/members.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';
import { type TestClock, testClock } from '../support/testApi.ts';

// A SEV1 that nobody acknowledges for two hours, as another system's gate sees it, over real HTTP and on a clock that
// the story moves.

const start = '2026-03-01T12:00:00.000Z';
let clock: TestClock;
let serving: Serving;
let organizationId: string;
let gateKey: string;

const created = async (name: string, scopes: readonly string[]): Promise<string> => {
  const input = { name, role: 'VIEWER', scopes };
  return (await mutate<{ secret: string }>(serving.url, servingKey, 'createApiKey', input, 'secret')).secret;
};

beforeAll(async () => {
  clock = testClock(start);
  serving = await startServing({ clock });
  const rows = await serving.database.asPlatform<{ id: string }>(
    "SELECT organization_id AS id FROM warroom.organization WHERE slug = 'default'",
  );
  organizationId = rows[0]?.id ?? '';
  await addMember(serving.database, organizationId, { userId: 'mel', role: 'MEMBER' }, clock.now());
  gateKey = await created('The gate of the shop', ['GATE']);
});
afterAll(() => serving?.stop());

interface GateAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Asks as a proxy would: whatever is not in the path is as it is given. */
function gate(
  whom: string,
  { key = gateKey, method = 'GET' }: { readonly key?: string | null; readonly method?: string } = {},
): Promise<GateAnswer> {
  const { hostname, port } = new URL(serving.url);
  const headers = key === null ? {} : { authorization: `Bearer ${key}` };
  return new Promise((resolve, reject) => {
    request({ hostname, port, path: `/gate/${whom}`, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    })
      .on('error', reject)
      .end();
  });
}

async function administrationTypes(): Promise<string[]> {
  const { data } = await post<{ administrationEvents: { nodes: { type: string; message: string }[] } }>(
    serving.url,
    servingKey,
    '{ administrationEvents(types: [SESSION_GATE_BLOCKED, SESSION_GATE_RELEASED]) { nodes { type message } } }',
  );
  return (data?.administrationEvents.nodes ?? []).map(({ type, message }) => `${type} ${message}`);
}

test('unacknowledged for two hours: 403; acknowledged: 200 at once; each in the ledger once', async () => {
  await mutate(serving.url, servingKey, 'setSessionGatePolicy', { enabled: true }, 'sequence');
  const { incident } = await mutate<{ incident: { id: string; pendingActions: { kind: string }[] } }>(
    serving.url,
    servingKey,
    'declareIncident',
    { title: 'Database down', severity: 'SEV1' },
    'incident { id pendingActions { kind dueAt } }',
  );
  expect(incident.pendingActions).toContainEqual({ kind: 'SESSION_GATE', dueAt: '2026-03-01T14:00:00.000Z' });
  const told: boolean[] = [];
  const client = socketClient(serving.url, servingKey);
  client.subscribe<{ sessionGateChanged: { blocked: boolean } }>(
    { query: `subscription { sessionGateChanged(userId: "${toGlobalId('User', 'mel')}") { blocked } }` },
    {
      next: ({ data }) => data && told.push(data.sessionGateChanged.blocked),
      error: () => {},
      complete: () => {},
    },
  );
  const open = await gate('mel');
  expect([open.status, open.text, open.headers['warroom-gate']]).toEqual([200, '{"blocked":false}', 'open']);

  clock.advance(2 * 3_600_000 - 1);
  await new Promise((wake) => setTimeout(wake, 1_200));
  expect((await gate('mel')).status).toBe(200);
  clock.advance(1);
  await expect.poll(async () => (await gate('mel')).status, { timeout: 10_000 }).toBe(403);

  const blocked = await gate('mel@example.org');
  expect(JSON.parse(blocked.text)).toEqual({
    blocked: true,
    code: 'SESSION_GATED',
    reason: expect.stringContaining('INC-001 (SEV1) is not acknowledged'),
    incident: {
      id: incident.id,
      reference: 'INC-001',
      title: 'Database down',
      severity: 'SEV1',
      since: '2026-03-01T14:00:00.000Z',
    },
  });
  expect(blocked.headers).toMatchObject({ 'warroom-gate': 'blocked', 'warroom-incident': 'INC-001' });
  // A node id names the same person; administrators pass.
  expect((await gate(encodeURIComponent(toGlobalId('User', 'mel')))).status).toBe(403);
  expect((await gate('administrator@localhost')).status).toBe(200);

  await mutate(serving.url, servingKey, 'acknowledgeIncident', { incidentId: incident.id }, 'sequence');
  expect((await gate('mel')).status).toBe(200);
  expect((await gate('mel@example.org')).status).toBe(200);
  await expect.poll(() => told).toEqual([false, true, false]);
  await client.dispose();
  expect(await administrationTypes()).toEqual([
    'SESSION_GATE_BLOCKED INC-001 blocks sessions: it is SEV1 and has been unacknowledged since 2026-03-01T12:00:00.000Z.',
    'SESSION_GATE_RELEASED First key acknowledged INC-001: it blocks sessions no longer.',
  ]);
}, 60_000);

test('may be kept for 5 s at most, and a block for 1 s', async () => {
  const seconds = ({ headers }: GateAnswer) =>
    Number(/^private, max-age=(\d)$/.exec(String(headers['cache-control']))?.[1]);
  expect(seconds(await gate('mel'))).toBeLessThanOrEqual(5);
  const { incident } = await mutate<{ incident: { id: string } }>(
    serving.url,
    servingKey,
    'declareIncident',
    { title: 'Once more', severity: 'SEV1' },
    'incident { id }',
  );
  clock.advance(2 * 3_600_000);
  await expect.poll(async () => (await gate('mel')).status, { timeout: 10_000 }).toBe(403);
  expect(seconds(await gate('mel'))).toBeLessThanOrEqual(1);
  const reason = 'A drill, in truth';
  await mutate(serving.url, servingKey, 'cancelIncident', { incidentId: incident.id, reason }, 'sequence');
  expect((await gate('mel')).status).toBe(200);
}, 60_000);

test('answers HEAD as GET, without the body', async () => {
  const [get, head] = [await gate('mel'), await gate('mel', { method: 'HEAD' })];
  expect([head.status, head.text]).toEqual([200, '']);
  expect(head.headers['content-length']).toBe(get.headers['content-length']);
  expect(head.headers['warroom-gate']).toBe('open');
});

test('every way to ask wrongly has an answer of its own, and none says who exists elsewhere', async () => {
  const foreign = { userId: 'mallory', role: 'MEMBER' } as const;
  await addMember(serving.database, await otherOrganization(), foreign, clock.now());
  const absent = await gate('nobody');
  expect(absent.status).toBe(404);
  expect(JSON.parse(absent.text)).toMatchObject({ code: 'NOT_FOUND' });
  for (const whom of [
    'mallory',
    'mallory@example.org',
    '',
    '%',
    '%00',
    'mel%00',
    '%ED%A0%80',
    'x'.repeat(1_001),
    encodeURIComponent(toGlobalId('User', 'mel\0')),
    encodeURIComponent(toGlobalId('Incident', 'mel')),
  ]) {
    const answer = await gate(whom);
    expect([whom.slice(0, 30), answer.status, answer.text]).toEqual([whom.slice(0, 30), 404, absent.text]);
  }
  expect((await gate('mel/more')).status).toBe(404);

  for (const key of [null, 'wr_nonsense_0123456789abcdef']) {
    const unknown = await gate('mel', { key });
    expect(unknown.status).toBe(401);
    expect(unknown.headers['www-authenticate']).toBe('Bearer');
    expect(JSON.parse(unknown.text)).toMatchObject({ code: 'UNAUTHENTICATED' });
  }
  for (const key of [servingKey, await created('Reads', ['READ']), await created('Alerts', ['INGEST'])]) {
    const wrongScope = await gate('mel', { key });
    expect(wrongScope.status).toBe(403);
    expect(JSON.parse(wrongScope.text)).toMatchObject({ code: 'FORBIDDEN' });
    expect(wrongScope.headers['warroom-gate']).toBeUndefined();
  }
  const posted = await gate('mel', { method: 'POST' });
  expect([posted.status, posted.headers.allow]).toEqual([405, 'GET, HEAD']);
  for (const { headers } of [absent, posted]) expect(headers['cache-control']).toBe('no-store');
});

async function otherOrganization(): Promise<string> {
  const userId = 'them';
  await addMember(serving.database, organizationId, { userId, role: 'VIEWER' }, clock.now());
  const rows = await serving.database.asPlatform<{ id: string }>(
    "SELECT organization_id AS id FROM warroom.membership WHERE user_id = 'them' AND role = 'ORG_ADMIN'",
  );
  return rows[0]?.id ?? '';
}
