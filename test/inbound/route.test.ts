import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OverloadedError, ServerOutdatedError } from '../../src/app/answer.ts';
import { TooManyGuessesError } from '../../src/app/tooManyGuesses.ts';
import type { Principal } from '../../src/domain/access/principal.ts';
import { createInbound } from '../../src/inbound/route.ts';
import { serveInbound } from '../../src/inbound/serveInbound.ts';
import { fixture } from './fixture.ts';
import { quiet } from './quiet.ts';
import { ingest, Switchboard } from './switchboard.ts';

const keys: Record<string, Principal> = {
  good: ingest,
  reader: { ...ingest, scopes: ['READ'] },
  both: { ...ingest, scopes: ['INGEST', 'READ'] },
  slow: { ...ingest, credentialId: 'slow' },
};

let switchboard = new Switchboard();
const errors: unknown[] = [];
let server: Server;
let url = '';

beforeAll(async () => {
  const inbound = createInbound({
    ...quiet,
    handle: (request) => switchboard.handle(request),
    authenticateKey: async (secret) => {
      if (secret === 'guessed') throw new TooManyGuessesError(7);
      return keys[secret] ?? null;
    },
    scopeOf: () => {
      throw new Error('No webhook reads.');
    },
    log: { error: (details) => errors.push(details) },
    limits: { throttle: (principal) => (principal.credentialId === 'slow' ? 1.5 : null) },
  });
  const route = serveInbound(inbound, ({ socket }) => socket.remoteAddress ?? '');
  server = createServer((request, response) => {
    void route(request, response).then((theirs) => {
      if (!theirs) response.writeHead(404).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

beforeEach(() => {
  switchboard = new Switchboard();
  errors.length = 0;
});

async function post(path: string, body: object | string, headers: Record<string, string> = {}) {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body:
      typeof body === 'string' ? body : body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}

const firing = fixture('alertmanager-firing');
const event = { ...fixture('pagerduty-trigger'), routing_key: 'good' } as Record<string, unknown>;

describe('which paths are theirs', () => {
  it.each(['/', '/graphql', '/inbound', '/inbound/other/good', '/v2/enqueue/x', '/inbound/alertmanager/a/b'])(
    'not %s',
    async (path) => {
      expect((await post(path, firing)).status).toBe(404);
    },
  );

  it.each(['/inbound/alertmanager/good', '/v2/enqueue'])('%s only by POST', async (path) => {
    const response = await fetch(url + path);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('other formats on the same way', () => {
  it.each([
    ['grafana', fixture('grafana-firing')],
    ['datadog', { cycle_key: 'c1', transition: 'Triggered', alert_type: 'error', title: 'Down' }],
  ])('%s', async (name, body) => {
    const answer = await post(`/inbound/${name}/good`, body);
    expect([answer.status, answer.body]).toEqual([200, { status: 'success' }]);
    expect(switchboard.last.incident).toMatchObject({ source: name, openSignalCount: 1 });
    expect((await post(`/inbound/${name}`, body)).status).toBe(401);
    expect((await post(`/inbound/${name}/good`, {})).status).toBe(400);
  });
});

describe('Alertmanager', () => {
  it.each([
    ['the key in the path', '/inbound/alertmanager/good', {}],
    ['a query after it', '/inbound/alertmanager/good?x=1', {}],
    ['a Bearer token', '/inbound/alertmanager', { authorization: 'Bearer good' }],
  ])('with %s is answered once it is committed, by the key as INTEGRATION', async (_what, path, headers) => {
    const { status, body } = await post(path, firing, headers);
    expect([status, body]).toEqual([200, { status: 'success' }]);
    expect(switchboard.requests[0]).toMatchObject({
      organizationId: ingest.organizationId,
      actor: { kind: 'INTEGRATION', id: ingest.credentialId, role: 'MEMBER' },
    });
    expect(switchboard.last.incident).toMatchObject({ severity: 'SEV1', openSignalCount: 2 });
  });

  it('a warning that resolves is resolved; a critical one has its signals cleared and stays open', async () => {
    for (const name of ['warning-firing', 'warning-resolved']) {
      await post('/inbound/alertmanager/good', fixture(`alertmanager-${name}`));
    }
    expect(switchboard.last.incident).toMatchObject({ status: 'RESOLVED', resolution: { automatic: true } });
    for (const name of ['firing', 'partly-resolved', 'resolved']) {
      await post('/inbound/alertmanager/good', fixture(`alertmanager-${name}`));
    }
    expect(switchboard.stories).toHaveLength(2);
    expect(switchboard.last.incident).toMatchObject({
      status: 'REPORTED',
      openSignalCount: 0,
      signalCount: 2,
    });
  });

  it.each([
    ['an unknown key', '/inbound/alertmanager/bad', 401, 'UNAUTHENTICATED'],
    ['no key', '/inbound/alertmanager', 401, 'UNAUTHENTICATED'],
    ['an odd escape', '/inbound/alertmanager/%zz', 401, 'UNAUTHENTICATED'],
    ['a key without INGEST', '/inbound/alertmanager/reader', 403, 'FORBIDDEN'],
    ['a key with more than INGEST', '/inbound/alertmanager/both', 403, 'FORBIDDEN'],
    ['a throttled key', '/inbound/alertmanager/slow', 503, 'RATE_LIMITED'],
    ['a throttled key of a program', '/inbound/json/slow', 429, 'RATE_LIMITED'],
    ['too many wrong keys', '/inbound/alertmanager/guessed', 503, 'RATE_LIMITED'],
  ])('%s', async (_what, path, status, code) => {
    const answer = await post(path, firing);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(switchboard.requests).toEqual([]);
  });

  it.each([
    ['not JSON', '{', 'body'],
    ['not UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 'body'],
    ['a missing field', { ...firing, groupKey: undefined }, 'groupKey'],
    [
      'a field of an alert',
      { ...firing, alerts: [{ status: 'firing', startsAt: 'x' }] },
      'alerts.0.startsAt',
    ],
  ])('%s is 400 and names the field', async (_what, body, field) => {
    const answer = await post('/inbound/alertmanager/good', body);
    expect([answer.status, answer.body.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(answer.body.message.startsWith(`${field}: `)).toBe(true);
    expect(answer.body.fields).toHaveLength(1);
  });
});

describe('PagerDuty', () => {
  it('is answered in its words', async () => {
    const { status, body, headers } = await post('/v2/enqueue', event);
    expect(status).toBe(202);
    expect(headers.get('content-type')).toContain('application/json');
    expect(body).toEqual({ status: 'success', message: 'Event processed', dedup_key: event.dedup_key });
    expect(switchboard.last.incident).toMatchObject({ source: 'pagerduty', severity: 'SEV2' });
  });

  it('makes a dedup key for a trigger without one, which later events can name', async () => {
    const { body } = await post('/v2/enqueue', { ...event, dedup_key: undefined });
    expect(body.dedup_key).toMatch(/^[0-9a-f]{32}$/);
    const { dedup_key } = body;
    await post('/v2/enqueue', { routing_key: 'good', event_action: 'acknowledge', dedup_key });
    expect(switchboard.stories).toHaveLength(1);
    expect(switchboard.last.incident.status).toBe('ACKNOWLEDGED');
  });

  it('trigger, worse trigger, repeat, resolve', async () => {
    const payload = event.payload as Record<string, unknown>;
    const send = (severity: string) => post('/v2/enqueue', { ...event, payload: { ...payload, severity } });
    for (const severity of ['warning', 'critical', 'warning', 'critical']) await send(severity);
    expect(switchboard.last.incident).toMatchObject({ severity: 'SEV1', signalCount: 2 });
    await post('/v2/enqueue', { ...event, event_action: 'resolve' });
    expect(switchboard.last.incident).toMatchObject({ status: 'REPORTED', openSignalCount: 0 });
  });
});

describe('JSON that nests a hundred thousand deep', () => {
  const brackets = (opening: string, closing: string) => opening.repeat(100_000) + closing.repeat(100_000);
  const asData = (of: string) => `{"errors":[{"severity":"LOW","source":"a","message":"b","data":${of}}]}`;
  it.each([
    ['alertmanager', brackets('[', ']')],
    ['grafana', `{"alerts":${brackets('[', ']')}}`],
    ['datadog', brackets('{"a":', '}').replace('}', '1}')],
    ['json', brackets('[', ']')],
    ['errors', asData(brackets('[', ']'))],
    ['sentry', brackets('[', ']')],
    ['sns', brackets('[', ']')],
    ['pagerduty', `{"payload":${brackets('[', ']')}}`],
    ['change', `{"payload":${brackets('[', ']')}}`],
    ['opsgenie', `{"details":${brackets('[', ']')}}`],
  ])('to %s is refused with 400', async (name, body) => {
    const others: Record<string, string> = {
      pagerduty: '/v2/enqueue',
      change: '/v2/change/enqueue',
      opsgenie: '/v2/alerts',
    };
    const headers = name === 'opsgenie' ? { authorization: 'GenieKey good' } : {};
    expect((await post(others[name] ?? `/inbound/${name}/good`, body, headers)).status).toBe(400);
    expect(errors).toEqual([]);
  });
});

it.each(['alertmanager', 'grafana'])('of %s, a large group is taken in whole', async (name) => {
  const text = 'x'.repeat(400);
  const alerts = Array.from({ length: 3_000 }, (_, n) => {
    const labels = { alertname: 'InstanceDown', instance: `node-${n}` };
    return { status: 'firing', fingerprint: `${n}`, labels, annotations: { description: text } };
  });
  const version = name === 'grafana' ? '1' : '4';
  const body = JSON.stringify({ version, groupKey: 'all', status: 'firing', alerts });
  expect(body.length).toBeGreaterThan(1_500_000);
  expect((await post(`/inbound/${name}/good`, body)).status).toBe(200);
  expect(switchboard.stories).toHaveLength(1);
  expect(switchboard.last.incident).toMatchObject({ signalCount: 3_000, openSignalCount: 3_000 });
});

describe.each([
  ['/inbound/alertmanager/good', firing, 8_388_608],
  ['/v2/enqueue', event, 1_048_576],
])('%s', (path, body, limit) => {
  it('too large: 413, whether or not the length is declared', async () => {
    const large = 'x'.repeat(limit + 1);
    expect((await post(path, large.slice(1))).status).toBe(400);
    expect((await post(path, large)).status).toBe(413);
    const status = await new Promise((resolve, reject) => {
      const chunked = httpRequest(url + path, { method: 'POST' }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      chunked.on('error', reject);
      for (let part = 0; part <= limit / 65_536; part++) chunked.write('x'.repeat(65_536));
      chunked.end();
    });
    expect(status).toBe(413);
  });

  it('overloaded: 503 with Retry-After, and the same again succeeds', async () => {
    switchboard.failure = new OverloadedError(2.2);
    const busy = await post(path, body);
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '3']);
    expect((await post(path, body)).status).toBeLessThan(300);
    expect(errors).toEqual([]);
  });

  it('an outdated server: 503', async () => {
    switchboard.failure = new ServerOutdatedError();
    expect((await post(path, body)).status).toBe(503);
  });

  it('anything unexpected: 500 without a word of it, and logged', async () => {
    switchboard.failure = new Error('relation "secret" does not exist');
    const answer = await post(path, body);
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toContain('relation');
    expect(errors).toMatchObject([{ err: { message: 'relation "secret" does not exist' } }]);
  });
});
