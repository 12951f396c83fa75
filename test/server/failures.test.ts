import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import { storeFailure } from '../../src/app/storeFailure.ts';
import { createDirectPost } from '../../src/server/directPost.ts';
import { type HealthChecks, readiness } from '../../src/server/health.ts';
import { maskResult } from '../../src/server/maskErrors.ts';
import { startServer } from '../../src/server/server.ts';
import { DatabaseBusyError } from '../../src/store/databaseBusy.ts';

const now = '2026-11-20T19:00:00.000Z';
const noPassword = new Error('password authentication failed for user "warroom_production"');
const health: HealthChecks = {
  database: async () => {
    throw noPassword;
  },
  scheduler: () => ({ lastLookedAt: now, running: true, stuck: 0 }),
  feedLag: () => 0,
  outdated: () => false,
};

const originOf = () => ({ address: null, userAgent: null });

test('readiness never repeats what the database said: anyone may ask', async () => {
  const answer = await readiness(health, now, false);
  expect(answer.ready).toBe(false);
  expect(JSON.stringify(answer)).not.toContain('warroom_production');
});

const well: HealthChecks = { ...health, database: async () => {} };
const looked = (at: string | null, running = true) => ({ lastLookedAt: at, running, stuck: 0 });

test.each<[string, Partial<HealthChecks>, string | null]>([
  ['all is well', {}, null],
  ['the database does not answer', { database: () => new Promise(() => {}) }, 'database'],
  ['the scheduler has not looked yet', { scheduler: () => looked(null) }, 'scheduler'],
  ['the scheduler looked 9.999 s ago', { scheduler: () => looked('2026-11-20T18:59:50.001Z') }, null],
  ['the scheduler looked 10 s ago', { scheduler: () => looked('2026-11-20T18:59:50.000Z') }, 'scheduler'],
  ['the scheduler has ended', { scheduler: () => looked(now, false) }, 'scheduler'],
  [
    'deadlines are stuck, which others need not suffer for',
    { scheduler: () => ({ ...looked(now), stuck: 3 }) },
    null,
  ],
  ['the feed is 10,000 entries behind', { feedLag: () => 10_000 }, null],
  ['the feed is further behind', { feedLag: () => 10_001 }, 'feed'],
  ['the program is outdated', { outdated: () => true }, 'version'],
])('readiness when %s', async (_what, found, unwell) => {
  const { ready, checks } = await readiness({ ...well, ...found }, now, false);
  const failing = Object.keys(checks).filter((name) => checks[name]?.ok !== true);
  expect(failing).toEqual(unwell === null ? [] : [unwell]);
  expect(ready).toBe(unwell === null);
  expect(checks.scheduler?.stuckDeadlines).toBe((found.scheduler ?? well.scheduler)().stuck);
});

test('an instance that stops is not ready, whatever else', async () => {
  expect(await readiness(well, now, true)).toMatchObject({
    ready: false,
    checks: { draining: { ok: false } },
  });
});

test('a plain POST that nobody can authenticate now is answered as every other: masked, with its request id', async () => {
  const logged: object[] = [];
  const masking = { log: { error: (line: object) => void logged.push(line) }, newRequestId: () => 'another' };
  const post = createDirectPost({
    envelope: () => {
      throw new Error('not reached');
    },
    credentialOf: async () => {
      throw noPassword;
    },
    originOf,
    requestIdOf: (header) => header ?? 'none',
    mask: (result, requestId) => maskResult(result, requestId, masking as never),
  });
  const http = createServer((request, response) => void post(request, response)).listen(0, '127.0.0.1');
  await new Promise((resolve) => http.once('listening', resolve));
  const response = await fetch(`http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'request-1' },
    body: JSON.stringify({ query: '{ __typename }' }),
  });
  const { errors } = (await response.json()) as { errors: { message: string; extensions: object }[] };
  http.close();
  expect(errors.map(({ extensions }) => extensions)).toEqual([{ code: 'INTERNAL', requestId: 'request-1' }]);
  expect(JSON.stringify(errors)).not.toContain('warroom_production');
  expect(logged).toMatchObject([{ requestId: 'request-1', err: noPassword }]);
});

test('a query for which no connection to the database comes free is told to come back, and fills no log', () => {
  const log = { error: () => expect.unreachable() };
  const errors = [new GraphQLError('x', { path: ['incidents'], originalError: new DatabaseBusyError() })];
  const masked = maskResult({ errors }, 'request-1', { log, newRequestId: () => 'another' } as never);
  expect(masked.errors?.[0]?.extensions).toEqual({ code: 'OVERLOADED', retryAfterSeconds: 1 });
});

test('once a mutation is done, what cannot be read of it is not answered with a promise that nothing was done', () => {
  const log = { error: () => undefined };
  const unread = (path: readonly string[]) =>
    maskResult(
      { errors: [new GraphQLError('x', { path, originalError: new DatabaseBusyError() })] },
      'request-1',
      { log, newRequestId: () => 'another' },
      true,
    ).errors?.[0]?.extensions.code;
  expect(unread(['declareIncident'])).toBe('OVERLOADED');
  expect(unread(['declareIncident', 'incident', 'timeline'])).toBe('INTERNAL');
});

test('a commit that never had a connection was not done', () => {
  expect(storeFailure(new DatabaseBusyError())).toBe('undone');
});

test('a connection that sends requests far ahead of their answers is cut off, and all of them end', async () => {
  let begun = 0;
  let ended = 0;
  const never = async (_request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    begun += 1;
    response.once('close', () => {
      ended += 1;
    });
    return new Promise(() => undefined);
  };
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    yoga: null as never,
    directPost: never,
    pages: never,
    inbound: never,
    gate: never,
    health,
    clock: { now: () => now } as never,
    originOf,
    onError: () => undefined,
  });
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1').on('error', () => undefined);
  socket.write('GET /graphql HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(1_000));
  await new Promise((resolve) => socket.once('close', resolve));
  expect(begun).toBe(32);
  const stopped = performance.now();
  await server.stop();
  expect(performance.now() - stopped).toBeLessThan(2_000);
  expect(ended).toBe(32);
});

test('a client that hangs up in the middle of its body is no failure of ours', async () => {
  const failures: unknown[] = [];
  const began: IncomingMessage[] = [];
  const readAll = async (request: IncomingMessage): Promise<boolean> => {
    began.push(request);
    for await (const _ of request);
    return true;
  };
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    yoga: null as never,
    directPost: readAll,
    pages: async () => false,
    inbound: readAll,
    gate: async () => false,
    health,
    clock: { now: () => now } as never,
    originOf,
    onError: (error) => void failures.push(error),
  });
  for (const path of ['/graphql', '/v2/enqueue']) {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"half":`);
    while (began.at(-1)?.url !== path) await sleep(5);
    socket.destroy();
    while (began.at(-1)?.destroyed !== true) await sleep(5);
  }
  await sleep(20);
  await server.stop();
  expect(failures).toEqual([]);
});
