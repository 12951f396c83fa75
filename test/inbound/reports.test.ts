import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OverloadedError } from '../../src/app/answer.ts';
import { createInbound } from '../../src/inbound/route.ts';
import { gate } from '../app/openDoor.ts';
import { mutate } from '../support/graphqlClient.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';
import { once, quiet } from './quiet.ts';
import { ingest } from './switchboard.ts';

// What programs report by POST, errors and incidents: a real database behind a door that can be slow, or busy.

let serving: Serving;
let organizationId = '';
let apiKeyId = '';
/** What whoever comes through the door waits for. */
let held: Promise<void> = Promise.resolve();
let isBusy = false;
let buried: string[] = [];

beforeAll(async () => {
  serving = await startServing();
  const input = { name: 'reports', role: 'MEMBER', scopes: ['INGEST'] };
  const { apiKey } = await mutate<{ apiKey: { id: string } }>(
    serving.url,
    servingKey,
    'createApiKey',
    input,
    'apiKey { id }',
  );
  apiKeyId = Buffer.from(apiKey.id, 'base64').toString().split(':').at(-1) ?? '';
  const [founded] = await serving.database.asPlatform<{ id: string }>(
    `select organization_id as id from warroom.organization where slug = 'default'`,
  );
  organizationId = founded?.id ?? '';
}, 60_000);
afterAll(() => serving?.stop(), 30_000);

beforeEach(() => {
  held = Promise.resolve();
  isBusy = false;
  buried = [];
});

const inbound = createInbound({
  ...quiet,
  handle: async (request) => {
    await held;
    if (isBusy) throw new OverloadedError(2.2);
    return serving.handle(request);
  },
  authenticateKey: (secret) => {
    const actor = { ...ingest.actor, id: apiKeyId };
    const principal = { ...ingest, organizationId, actor, credentialId: apiKeyId };
    if (secret === 'reader') return { ...principal, scopes: ['READ'] };
    return secret === 'key' ? principal : null;
  },
  scopeOf: () => ({ database: serving.database, organizationId }),
  now: () => new Date().toISOString(),
  deadLetters: { keep: async (_principal, { format }) => void buried.push(format) },
});

async function send(path: string, body: object | string, key = 'key') {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const request = { method: 'POST', path: `${path}/${key}`, headers: {}, remoteAddress: null };
  const reply = await inbound({ ...request, body: once(text) });
  return {
    status: reply?.status,
    retryAfter: reply?.headers['retry-after'],
    body: JSON.parse(reply?.body ?? 'null'),
  };
}

/** How many incidents and events there are. */
async function kept(): Promise<unknown> {
  const [counts] = await serving.database.asOrganization(
    organizationId,
    `select (select count(*)::int from warroom.incident) as incidents,
       (select count(*)::int from warroom.ledger_event where ledger = 0) as events`,
    [],
  );
  return counts;
}

const error = { errorId: 'e1', severity: 'HIGH', source: 'shop', message: 'Timeout' };
const incident = {
  key: 'run-1',
  severity: 'SEV2',
  startedAt: '2026-01-31T12:00:00Z',
  errorCount: 3,
  targets: ['s-1'],
};

describe.each([
  ['/inbound/errors', { errors: [error] }, { errors: [{ ...error, message: null }] }, 'errors.0.message'],
  [
    '/inbound/incidents',
    { source: 'reminders', incidents: [incident] },
    { source: 'reminders', incidents: [{ ...incident, key: null }] },
    'incidents.0.key',
  ],
])('what is reported to %s', (path, body, invalid, field) => {
  it('is 503 with when to come back while nothing can be done, and nothing is', async () => {
    const before = await kept();
    isBusy = true;
    expect(await send(path, body)).toMatchObject({
      status: 503,
      retryAfter: '3',
      body: { code: 'OVERLOADED' },
    });
    expect([buried, await kept()]).toEqual([[], before]);
  });

  it('is answered once it is durable, and once however often it is told', async () => {
    const before = await kept();
    const door = gate();
    held = door.opened;
    let answered = false;
    const first = send(path, body).finally(() => {
      answered = true;
    });
    await new Promise((wake) => setTimeout(wake, 100));
    expect([answered, await kept()]).toEqual([false, before]);
    door.open();
    expect(await first).toMatchObject({ status: 200, body: { status: 'success' } });
    const after = await kept();
    expect(after).not.toEqual(before);
    const again = await Promise.all(Array.from({ length: 10 }, () => send(path, body)));
    expect(new Set(again.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await kept()).toEqual(after);
  });

  it.each<[string, object | string, string, number, string, boolean]>([
    ['no JSON', '{', 'key', 400, 'VALIDATION_FAILED', true],
    ['not as it should be', invalid, 'key', 400, 'VALIDATION_FAILED', true],
    ['too large', { ...body, log: 'x'.repeat(1_048_576) }, 'key', 413, 'BAD_USER_INPUT', true],
    ['of nobody', body, 'nobody', 401, 'UNAUTHENTICATED', false],
    ['of a key that may not', body, 'reader', 403, 'FORBIDDEN', false],
  ])('%s is told', async (_what, sent, key, status, code, isKept) => {
    const before = await kept();
    const answer = await send(path, sent, key);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    if (sent === invalid) expect(answer.body.message).toMatch(new RegExp(`^${field}: `));
    expect(buried).toEqual(isKept ? [path.split('/').at(-1)] : []);
    expect(await kept()).toEqual(before);
  });
});

it('an incident that maintenance suppresses is answered as such, without a reference', async () => {
  const days = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];
  const recurring = { days, startsAt: '00:00', durationMinutes: 1440, timeZone: 'UTC' };
  const windows = [{ name: 'migration', effect: 'SUPPRESS', sources: ['planned'], recurring }];
  await mutate(serving.url, servingKey, 'setMaintenanceWindows', { windows }, 'policy { version }');
  const before = await kept();
  expect(await send('/inbound/incidents', { source: 'planned', incidents: [incident] })).toMatchObject({
    status: 200,
    body: {
      created: 0,
      suppressed: 1,
      incidents: [{ source: 'planned', key: 'run-1', outcome: 'SUPPRESSED', incident: null }],
    },
  });
  expect(await kept()).toEqual(before);
});
