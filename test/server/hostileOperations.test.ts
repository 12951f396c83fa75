import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { hostileOperations } from '../support/hostileOperations.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';

// What test/graphql/guards.test.ts asks of the rules, asked of the server itself: both transports, as they come.

let serving: Serving;
beforeAll(async () => {
  serving = await startServing();
});
afterAll(() => serving?.stop());

interface Refusal {
  readonly message: string;
  readonly extensions?: { readonly code?: string };
}

interface Spoken {
  readonly id?: string;
  readonly type: string;
  readonly payload?: unknown;
}

async function overHttp(payload: object): Promise<{ data?: unknown; errors?: Refusal[] }> {
  const response = await fetch(`${serving.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${servingKey}` },
    body: JSON.stringify(payload),
  });
  return (await response.json()) as { data?: unknown; errors?: Refusal[] };
}

/** Asks on a socket of its own; everything said about the operation until it is over. */
function overSocket(payload: object): Promise<Spoken[]> {
  const socket = new WebSocket(`${serving.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const said: Spoken[] = [];
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () =>
      socket.send(
        JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${servingKey}` } }),
      ),
    );
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as Spoken;
      if (message.type === 'connection_ack')
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
      if (message.id === '1') said.push(message);
      if (message.type === 'error' || message.type === 'complete') socket.close();
    });
    socket.on('close', () => resolve(said));
  });
}

const shortened = (errors: readonly Refusal[] | undefined) =>
  errors?.map(({ message, extensions }) => ({ message, code: extensions?.code }));

describe('forty hostile operations, over HTTP and WebSocket as they come', () => {
  test.each(hostileOperations)('$name', async ({ name, query, code, operationName }) => {
    const payload = { query, ...(operationName === undefined ? {} : { operationName }) };
    const http = await overHttp(payload);
    expect(http.data).toBeUndefined();
    expect(http.errors?.map(({ extensions }) => extensions?.code)).toContain(code);
    const said = await overSocket(payload);
    expect(said.map(({ type }) => type)).toEqual(['error']);
    const spoken = said[0]?.payload as Refusal[];
    expect(JSON.stringify([http, said])).not.toMatch(/Did you mean|node_modules|\bat .*\.[jt]s:\d/);
    // GraphQL over HTTP refuses an empty query before it is parsed; WebSocket has no such step.
    if (name === 'an empty document') expect(spoken[0]?.extensions?.code).toBe(code);
    else expect(shortened(http.errors)).toEqual(shortened(spoken));
  });
});
