import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mutate, post } from '../support/graphqlClient.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';

// `POST /inbound/errors` answers as the webhooks do: a real server, a real database.

let serving: Serving;
let key: { readonly secret: string; readonly apiKey: { readonly id: string } };

beforeAll(async () => {
  serving = await startServing();
  key = await makeKey('shop', ['INGEST']);
}, 60_000);
afterAll(() => serving?.stop(), 30_000);

function makeKey(name: string, scopes: readonly string[]): Promise<typeof key> {
  const input = { name, role: 'MEMBER', scopes };
  return mutate(serving.url, servingKey, 'createApiKey', input, 'secret apiKey { id }');
}

async function send(body: object | string, secret = key.secret, headers: Record<string, string> = {}) {
  const path = secret === '' ? '/inbound/errors' : `/inbound/errors/${secret}`;
  const text =
    typeof body === 'string' ? body : body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body);
  const response = await fetch(serving.url + path, { method: 'POST', headers, body: text });
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    body: await response.json(),
  };
}

async function asked<T>(query: string): Promise<T> {
  const { data, errors } = await post<T>(serving.url, servingKey, query);
  expect(errors).toEqual([]);
  return data as T;
}

interface Letter {
  readonly format: string;
  readonly reason: string;
  readonly count: number;
  readonly problems: readonly { readonly path: readonly string[] }[];
}

async function letters(): Promise<readonly Letter[]> {
  const query = '{ deadLetters(first: 50) { nodes { format reason count problems { path } } } }';
  return (await asked<{ deadLetters: { nodes: Letter[] } }>(query)).deadLetters.nodes;
}

async function signals(): Promise<readonly { readonly count: number }[]> {
  const query = '{ signals(first: 100) { nodes { count summary } } }';
  return (await asked<{ signals: { nodes: { count: number }[] } }>(query)).signals.nodes;
}

const error = (errorId: string, more: object = {}) => ({
  errorId,
  severity: 'HIGH',
  source: 'shop',
  component: 'checkout',
  message: 'Database connection timeout',
  ...more,
});

describe('errors are answered each', () => {
  it('alone, in a list, and in an object: of one kind they are one incident', async () => {
    const of = (errorId: string, outcome: string) => ({ errorId, outcome, incident: 'INC-001' });
    const answers = [
      await send(error('e1')),
      await send([error('e2'), error('e3')]),
      await send({ errors: [error('e4')] }, '', { authorization: `Bearer ${key.secret}` }),
    ];
    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [200, { status: 'success', errors: [of('e1', 'CREATED')] }],
      [200, { status: 'success', errors: [of('e2', 'JOINED'), of('e3', 'JOINED')] }],
      [200, { status: 'success', errors: [of('e4', 'JOINED')] }],
    ]);
    expect(await signals()).toMatchObject([{ count: 4 }]);
  });

  it('the same again from 20 senders at once, and nothing is counted twice', async () => {
    const before = await signals();
    const same = await Promise.all(Array.from({ length: 20 }, () => send([error('e2'), error('e3')])));
    expect(new Set(same.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(same.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await signals()).toEqual(before);
  });

  it('LOW ones without an incident are recorded, and no more', async () => {
    const low = error('low', { severity: 'LOW', message: 'Slow query' });
    expect((await send(low)).body.errors).toEqual([{ errorId: 'low', outcome: 'RECORDED', incident: null }]);
  });
});

describe('what cannot be taken in', () => {
  const many = Array.from({ length: 501 }, (_, n) => error(`many${n}`));
  it.each<[string, object | string, string]>([
    ['no JSON', '{', 'body'],
    ['no UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'body'],
    ['no error', '7', 'body'],
    ['no list', { errors: {} }, 'errors'],
    ['none at all', { errors: [] }, 'errors'],
    ['more than 500', many, 'body'],
    ['no message', { errors: [error('x', { message: undefined })] }, 'errors.0.message'],
    ['an odd instant', [error('x'), error('y', { at: 'now' })], '1.at'],
    ['an odd severity', error('x', { severity: 'TERRIBLE' }), 'severity'],
  ])('%s is 400 with the field, is kept, and nothing of it is done', async (_what, body, field) => {
    const before = { signals: await signals(), letters: (await letters()).length };
    const answer = await send(body);
    expect([answer.status, answer.body.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(answer.body.message).toMatch(new RegExp(`^${field.replaceAll('.', '\\.')}: `));
    const [latest, ...others] = await letters();
    expect(latest).toMatchObject({ format: 'errors', count: 1 });
    expect(others).toHaveLength(before.letters);
    expect(await signals()).toEqual(before.signals);
    await send(body);
    expect((await letters())[0]).toMatchObject({ count: 2 });
  });

  it.each([
    ['an unknown key', 'nobody', 401, 'UNAUTHENTICATED'],
    ['no key', '', 401, 'UNAUTHENTICATED'],
    ['a key that may do more', servingKey, 403, 'FORBIDDEN'],
  ])('%s is told, and nothing is kept', async (_what, secret, status, code) => {
    const before = await letters();
    const answer = await send('{', secret);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(await letters()).toEqual(before);
  });

  it('too large is 413, and its beginning is kept', async () => {
    const answer = await send(error('large', { data: { log: 'x'.repeat(1_048_576) } }));
    expect([answer.status, answer.body.code]).toEqual([413, 'BAD_USER_INPUT']);
    expect(answer.body.message).toContain('send fewer errors at a time.');
    expect(await letters()).toContainEqual(
      expect.objectContaining({ reason: expect.stringContaining('too large') }),
    );
  });

  it('too fast is 429 with when to come back', async () => {
    const slow = await makeKey('slow', ['INGEST']);
    const configuration = { apiKeyId: slow.apiKey.id, requestsPerMinute: 1 };
    await mutate(serving.url, servingKey, 'setIngestConfiguration', configuration, 'apiKey { id }');
    expect((await send(error('slow'), slow.secret)).status).toBe(200);
    const answer = await send(error('slow'), slow.secret);
    expect([answer.status, answer.body.code]).toEqual([429, 'RATE_LIMITED']);
    expect(Number(answer.retryAfter)).toBeGreaterThan(0);
  });

  it('only by POST', async () => {
    const response = await fetch(`${serving.url}/inbound/errors/${key.secret}`);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });
});
