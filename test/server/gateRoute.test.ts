import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GraphQLError } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGateRoute } from '../../src/server/gateRoute.ts';

let server: Server;
let url = '';
let failure: Error;

beforeAll(async () => {
  const route = createGateRoute({
    gates: { ask: () => Promise.reject(new Error('Nobody may get this far.')) } as never,
    credentialOf: () => Promise.reject(failure),
  });
  server = createServer((request, response) => {
    route(request, response).catch(() => response.writeHead(500).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/gate/ada@example.com`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

it.each([
  ['RATE_LIMITED', 429],
  ['OVERLOADED', 503],
])('who cannot be told from others now hears %s, with when to come back', async (code, status) => {
  const http = { status, headers: { 'Retry-After': '7' } };
  failure = new GraphQLError('Not now.', { extensions: { code, http } });
  const response = await fetch(url);
  expect([response.status, response.headers.get('retry-after')]).toEqual([status, '7']);
  expect(response.headers.get('warroom-gate')).toBeNull();
  expect(await response.json()).toEqual({ code, message: 'Not now.' });
});

it('what fails otherwise is not put into words here', async () => {
  failure = new Error('A secret of the database');
  expect((await fetch(url)).status).toBe(500);
});
