import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { organizationId } from '../feed/fakeLedger.ts';
import { credentialOf, type TinyHouse, tinyHouse } from './tinyHouse.ts';

let house: TinyHouse;
afterEach(() => house.stop());

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

async function until(ready: () => boolean, within = 5_000): Promise<void> {
  for (const end = performance.now() + within; !ready() && performance.now() < end; ) await pause(5);
}

const commit = (count: number, text?: string) =>
  house.feed.committed(organizationId, 'INCIDENTS', house.ledger.append(count, text));

/** So many subscriptions stand, groups counted. */
async function standing(count: number): Promise<void> {
  await until(() => house.seen.begun >= count);
  await pause(50);
}

interface Event {
  readonly sequence: number;
}

/** Subscribes and collects what arrives. */
function collect(query: string, options: { key?: string; variables?: Record<string, unknown> } = {}) {
  const results: { data?: Record<string, Event> | null; errors?: readonly unknown[] }[] = [];
  const state = { error: undefined as unknown, complete: false };
  const client = house.client(options.key);
  const stop = client.subscribe(
    { query, variables: options.variables ?? null },
    {
      next: (result) => void results.push(result as never),
      error: (error) => {
        state.error = error;
      },
      complete: () => {
        state.complete = true;
      },
    },
  );
  const sequences = () => results.map((result) => Object.values(result.data ?? {})[0]?.sequence);
  return { results, sequences, state, stop, client };
}

/** A bare socket that speaks the protocol by hand. */
async function bare(authorization: string | null = 'Bearer key') {
  const socket = new WebSocket(`ws://${house.url}`, 'graphql-transport-ws');
  const messages: { type: string; id?: string; payload?: unknown }[] = [];
  const closed = new Promise<number>((resolve) => socket.once('close', (code) => resolve(code)));
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('open', resolve));
  const send = (message: unknown) => socket.send(JSON.stringify(message));
  if (authorization !== null) {
    send({ type: 'connection_init', payload: { authorization } });
    await until(() => messages.length > 0 || socket.readyState !== WebSocket.OPEN);
  }
  return { socket, messages, closed, send };
}

describe('subscriptions over a WebSocket', () => {
  it('execute once for everyone who asks the same, in nobody’s name', async () => {
    house = await tinyHouse();
    for (const key of ['a', 'b', 'c']) house.keys.set(key, credentialOf(key));
    const query = 'subscription ($after: Int) { events(after: $after) { sequence role scopes } }';
    const all = ['a', 'b', 'c'].map((key) => collect(query, { key }));
    await standing(4);
    commit(3);
    await until(() => all.every(({ results }) => results.length === 3));
    for (const { results } of all) {
      expect(results).toEqual(
        [1, 2, 3].map((sequence) => ({ data: { events: { sequence, role: 'MEMBER', scopes: 'READ' } } })),
      );
    }
    expect(house.seen.executions).toBe(3);
    expect([...house.seen.credentials]).toEqual(['subscription group']);
  });

  it('never share across permissions, variables or documents', async () => {
    house = await tinyHouse();
    house.keys.set('more', credentialOf('more', ['READ', 'ADMIN']));
    const query = 'subscription ($odd: String) { events(odd: $odd) { sequence scopes } }';
    const plain = collect(query);
    const more = collect(query, { key: 'more' });
    const odd = collect(query, { variables: { odd: 'yes' } });
    const short = collect('subscription { events { sequence } }');
    await standing(8);
    commit(2);
    await until(() => short.results.length === 2);
    expect(plain.results[0]).toEqual({ data: { events: { sequence: 1, scopes: 'READ' } } });
    expect(more.results[0]).toEqual({ data: { events: { sequence: 1, scopes: 'READ,ADMIN' } } });
    expect(odd.sequences()).toEqual([1]);
    expect(short.results).toEqual([1, 2].map((sequence) => ({ data: { events: { sequence } } })));
    expect(house.seen.executions).toBe(7);
  });

  it('resume from a cursor, share again afterwards, and miss or repeat nothing', async () => {
    house = await tinyHouse();
    house.ledger.append(150);
    const query = 'subscription ($after: Int) { events(after: $after) { sequence } }';
    const readers = [0, 40, 149, 150].map((after) => ({
      after,
      ...collect(query, { variables: { after } }),
    }));
    const literal = { after: 60, ...collect('subscription { events(after: 60) { sequence } }') };
    readers.push(literal);
    await until(() => readers.every(({ results, after }) => results.length === 150 - after));
    const before = house.seen.executions;
    commit(5);
    await until(() => readers.every(({ results, after }) => results.length === 155 - after));
    for (const { after, sequences } of readers) {
      expect(sequences()).toEqual(Array.from({ length: 155 - after }, (_, index) => after + 1 + index));
    }
    // One group for the variable, one for the document with the literal.
    expect(house.seen.executions - before).toBe(10);
  });

  it('refuse a cursor beyond the head with its code, and mask what fails unexpectedly', async () => {
    house = await tinyHouse();
    const beyond = collect('subscription { events(after: 7) { sequence } }');
    const broken = collect('subscription { events { sequence broken } }');
    await until(() => beyond.state.complete);
    expect(beyond.results).toMatchObject([
      { errors: [{ path: ['events'], extensions: { code: 'CURSOR_BEYOND_HEAD' } }] },
    ]);
    await standing(3);
    commit(1);
    await until(() => broken.results.length === 1);
    expect(broken.results).toMatchObject([{ data: { events: { sequence: 1, broken: null } } }]);
    expect(broken.results[0]?.errors).toMatchObject([{ extensions: { code: 'INTERNAL' } }]);
    expect(JSON.stringify(broken.results)).not.toContain('secret');
  });

  it('end when the client says so', async () => {
    house = await tinyHouse();
    const reader = collect('subscription { events { sequence } }');
    await standing(2);
    commit(1);
    await until(() => reader.results.length === 1);
    reader.stop();
    await pause(50);
    commit(1);
    await pause(50);
    expect(reader.sequences()).toEqual([1]);
    expect(house.seen.executions).toBe(1);
  });

  it('give the state at once and after each change', async () => {
    house = await tinyHouse();
    house.ledger.append(4);
    const reader = collect('subscription { changed { sequence version } }');
    await until(() => reader.results.length === 1);
    commit(1);
    await until(() => reader.results.length === 2);
    expect(reader.sequences()).toEqual([4, 5]);
  });

  it('run alone when they cannot be shared, with the same results', async () => {
    house = await tinyHouse();
    house.ledger.append(2);
    const reader = collect(
      'subscription { ...S } fragment S on Subscription { events(after: 0) { sequence } }',
    );
    await until(() => reader.results.length === 2);
    commit(1);
    await until(() => reader.results.length === 3);
    expect(reader.sequences()).toEqual([1, 2, 3]);
  });
});

describe('a WebSocket', () => {
  it('answers queries with the same words as HTTP, refusals and masked errors included', async () => {
    house = await tinyHouse();
    for (const query of [
      '{ hello }',
      '{ nothing }',
      '{ hello',
      '{ broken }',
      'query { a: hello b: hello c: nope }',
    ]) {
      const over = collect(query);
      await until(() => over.results.length > 0 || over.state.error !== undefined);
      const response = await fetch(`http://${house.url}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer key' },
        body: JSON.stringify({ query }),
      });
      const spoken = over.results[0] ?? { errors: over.state.error };
      const written = (await response.json()) as { errors?: { extensions?: { requestId?: string } }[] };
      const plain = (answer: unknown) => JSON.stringify(answer).replace(/request-\d+/, 'id');
      expect(plain((spoken as { errors?: unknown }).errors ?? null)).toBe(plain(written.errors ?? null));
    }
  });

  it('without a valid key is closed with 4401', async () => {
    house = await tinyHouse();
    expect(await (await bare('Bearer nobody')).closed).toBe(4401);
    const early = await bare(null);
    early.send({ id: '1', type: 'subscribe', payload: { query: '{ hello }' } });
    expect(await early.closed).toBe(4401);
  });

  it('that says nothing is closed with 4408', async () => {
    house = await tinyHouse({ initWithin: 100 });
    expect(await (await bare(null)).closed).toBe(4408);
  });

  it('is closed with 4403 when its key expires, or does not hold any more', async () => {
    house = await tinyHouse({ recheckFirst: 300 });
    house.keys.set('short', { ...credentialOf('short'), expiresAt: '2026-11-20T20:00:00.000Z' });
    house.keys.set('gone', credentialOf('gone'));
    const short = await bare('Bearer short');
    const gone = await bare('Bearer gone');
    const fine = await bare();
    house.clock = '2026-11-20T20:00:00.000Z';
    house.keys.delete('gone');
    expect(await Promise.all([short.closed, gone.closed])).toEqual([4403, 4403]);
    expect(fine.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('is told 404 elsewhere, and 503 when there are too many', async () => {
    house = await tinyHouse({ sockets: 1 });
    await bare();
    const status = (url: string) =>
      new Promise((resolve) => {
        const socket = new WebSocket(url, 'graphql-transport-ws');
        socket.on('error', () => {});
        socket.once('unexpected-response', (_request, response) => resolve(response.statusCode));
      });
    expect(await status(`ws://${house.url}`)).toBe(503);
    expect(await status(`ws://${house.url.replace('/graphql', '/other')}`)).toBe(404);
  });

  it('may run fifty operations at a time', async () => {
    house = await tinyHouse({ messagesAtOnce: 100 });
    const { messages, send } = await bare();
    for (let id = 1; id <= 51; id += 1) {
      send({ id: `${id}`, type: 'subscribe', payload: { query: 'subscription { events { sequence } }' } });
    }
    await until(() => messages.some(({ type }) => type === 'error'));
    await standing(51);
    commit(1);
    await until(() => messages.filter(({ type }) => type === 'next').length === 50);
    expect(messages.filter(({ type }) => type === 'next')).toHaveLength(50);
    expect(messages.filter(({ type }) => type === 'error')).toMatchObject([
      { id: '51', payload: [{ extensions: { code: 'RATE_LIMITED' } }] },
    ]);
  });

  it('has a budget of messages, pings included, and a smaller one before it is acknowledged', async () => {
    house = await tinyHouse();
    const early = await bare(null);
    for (let n = 0; n < 8_000; n += 1) early.send({ type: 'ping', payload: { big: 'x'.repeat(5_000) } });
    expect(await early.closed).toBe(4429);
    const late = await bare();
    for (let n = 0; n < 10_000; n += 1)
      late.send({ id: `${n}`, type: 'subscribe', payload: { query: '{ hello }' } });
    expect(await late.closed).toBe(4429);
    const pinging = await bare();
    for (let n = 0; n < 200; n += 1) pinging.socket.ping();
    expect(await pinging.closed).toBe(4429);
    expect(house.logged.length).toBeLessThan(10);
  });

  it('refuses a message that is too large, not JSON, or has a long id', async () => {
    house = await tinyHouse();
    const large = await bare(null);
    large.send({ type: 'connection_init', payload: { large: 'x'.repeat(10_000_000) } });
    expect([1006, 1009]).toContain(await large.closed);
    const garbled = await bare();
    garbled.socket.send('{');
    expect(await garbled.closed).toBe(4400);
    const long = await bare();
    long.send({ id: 'x'.repeat(200), type: 'subscribe', payload: { query: '{ hello }' } });
    expect(await long.closed).toBe(4400);
  });

  it('lets a query under way finish before it is closed with 1001', async () => {
    house = await tinyHouse();
    const busy = await bare();
    const idle = await bare();
    busy.send({ id: '1', type: 'subscribe', payload: { query: '{ slow }' } });
    await pause(50);
    await house.transport.stop();
    expect(await Promise.all([busy.closed, idle.closed])).toEqual([1001, 1001]);
    expect(busy.messages).toContainEqual({ id: '1', type: 'next', payload: { data: { slow: 'done' } } });
  });
});

describe('a socket that is not read', () => {
  const subscribe = (id: string) => ({
    id,
    type: 'subscribe',
    payload: { query: 'subscription { events { sequence body } }' },
  });

  it('is closed with 1013, costs little memory, and holds up nobody', async () => {
    house = await tinyHouse({ stuckAfter: 600 });
    const stuck = await Promise.all(Array.from({ length: 20 }, () => bare()));
    for (const one of stuck) {
      one.send(subscribe('1'));
      one.socket.pause();
    }
    const healthy = collect('subscription { events { sequence body } }');
    await standing(22);
    const before = process.memoryUsage().rss;
    const end = performance.now() + 15_000;
    let committed = 0;
    while (house.transport.size > 1 && performance.now() < end) {
      commit(4, 'x'.repeat(16_000));
      committed += 4;
      await pause(20);
    }
    expect(house.transport.size).toBe(1);
    await until(() => healthy.results.length === committed);
    expect(healthy.sequences()).toEqual(Array.from({ length: committed }, (_, index) => index + 1));
    expect((process.memoryUsage().rss - before) / 1e6).toBeLessThan(150);
    for (const one of stuck) one.socket.resume();
    const codes = await Promise.all(stuck.map((one) => one.closed));
    for (const code of codes) expect([1006, 1013]).toContain(code);
  });

  it('is not read from either: unread answers do not pile up', async () => {
    house = await tinyHouse({ stuckAfter: 500, messagesPerSecond: 1e6, messagesAtOnce: 1e6 });
    const { socket, send, closed } = await bare();
    socket.pause();
    for (let id = 0; id < 2_000; id += 1)
      send({ id: `${id}`, type: 'subscribe', payload: { query: '{ large }' } });
    await until(() => house.transport.size === 0, 10_000);
    expect(house.transport.size).toBe(0);
    socket.resume();
    expect([1006, 1013]).toContain(await closed);
  });

  it('that reads again in time catches up without a gap', async () => {
    house = await tinyHouse({ stuckAfter: 10_000 }, { ringEntries: 16 });
    const slow = await bare();
    slow.send(subscribe('1'));
    await standing(2);
    slow.socket.pause();
    for (let n = 0; n < 40; n += 1) {
      commit(20, 'x'.repeat(16_000));
      await pause(5);
    }
    slow.socket.resume();
    const nexts = () => slow.messages.filter(({ type }) => type === 'next');
    await until(() => nexts().length === 800, 15_000);
    const sequences = nexts().map(
      ({ payload }) => (payload as { data: { events: Event } }).data.events.sequence,
    );
    expect(sequences).toEqual(Array.from({ length: 800 }, (_, index) => index + 1));
  });
});
