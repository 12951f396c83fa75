import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { bare, collect, commit, pause, standing, until } from './socketReaders.ts';
import { credentialOf, type TinyHouse, tinyHouse } from './tinyHouse.ts';

let house: TinyHouse;
afterEach(() => house.stop());

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
      const over = collect(house, query);
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
    expect(await (await bare(house, 'Bearer nobody')).closed).toBe(4401);
    const early = await bare(house, null);
    early.send({ id: '1', type: 'subscribe', payload: { query: '{ hello }' } });
    expect(await early.closed).toBe(4401);
  });

  it('that says nothing is closed with 4408', async () => {
    house = await tinyHouse({ initWithin: 100 });
    expect(await (await bare(house, null)).closed).toBe(4408);
  });

  it('that says nothing gives way when too many do, the longest first; one that speaks never does', async () => {
    house = await tinyHouse({ silent: 2, silentFor: 50 });
    const spoken = await bare(house);
    const [first, second] = [await bare(house, null), await bare(house, null)];
    await new Promise((resolve) => setTimeout(resolve, 60));
    const third = await bare(house, null);
    expect(await first?.closed).toBe(4408);
    const states = [spoken, second, third].map((one) => one?.socket.readyState);
    expect(states).toEqual([WebSocket.OPEN, WebSocket.OPEN, WebSocket.OPEN]);
  });

  it('gives way to nobody while it is young: all come back at once when a server has restarted', async () => {
    house = await tinyHouse({ silent: 2, silentFor: 60_000 });
    const all = [];
    for (let n = 0; n < 5; n += 1) all.push(await bare(house, null));
    expect(all.map(({ socket }) => socket.readyState)).toEqual(Array(5).fill(WebSocket.OPEN));
  });

  it('is closed with 4403 when its key expires, or does not hold any more', async () => {
    house = await tinyHouse({ recheckFirst: 300 });
    house.keys.set('short', { ...credentialOf('short'), expiresAt: '2026-11-20T20:00:00.000Z' });
    house.keys.set('gone', credentialOf('gone'));
    const short = await bare(house, 'Bearer short');
    const gone = await bare(house, 'Bearer gone');
    const fine = await bare(house);
    house.clock = '2026-11-20T20:00:00.000Z';
    house.keys.delete('gone');
    expect(await Promise.all([short.closed, gone.closed])).toEqual([4403, 4403]);
    expect(fine.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('is looked at again soon when its key could not be looked up', async () => {
    house = await tinyHouse({ recheckFirst: 100 });
    house.keys.set('gone', credentialOf('gone'));
    const gone = await bare(house, 'Bearer gone');
    house.keys.delete('gone');
    house.keys.get = () => {
      throw new Error('The database is away.');
    };
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(gone.socket.readyState).toBe(WebSocket.OPEN);
    house.keys.get = Map.prototype.get.bind(house.keys);
    expect(await gone.closed).toBe(4403);
  });

  it('is told 404 elsewhere, and 503 when there are too many', async () => {
    house = await tinyHouse({ sockets: 1 });
    await bare(house);
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
    const { messages, send } = await bare(house);
    for (let id = 1; id <= 51; id += 1) {
      send({ id: `${id}`, type: 'subscribe', payload: { query: 'subscription { events { sequence } }' } });
    }
    await until(() => messages.some(({ type }) => type === 'error'));
    await standing(house, 51);
    commit(house, 1);
    await until(() => messages.filter(({ type }) => type === 'next').length === 50);
    expect(messages.filter(({ type }) => type === 'next')).toHaveLength(50);
    expect(messages.filter(({ type }) => type === 'error')).toMatchObject([
      { id: '51', payload: [{ extensions: { code: 'RATE_LIMITED' } }] },
    ]);
  });

  it('has a budget of messages, pings included, and a smaller one before it is acknowledged', async () => {
    house = await tinyHouse();
    const early = await bare(house, null);
    for (let n = 0; n < 8_000; n += 1) early.send({ type: 'ping', payload: { big: 'x'.repeat(5_000) } });
    expect(await early.closed).toBe(4429);
    const late = await bare(house);
    for (let n = 0; n < 10_000; n += 1)
      late.send({ id: `${n}`, type: 'subscribe', payload: { query: '{ hello }' } });
    expect(await late.closed).toBe(4429);
    const pinging = await bare(house);
    for (let n = 0; n < 200; n += 1) pinging.socket.ping();
    expect(await pinging.closed).toBe(4429);
    expect(house.logged.length).toBeLessThan(10);
  });

  it('answers pings at once that its budget allows, and is told why when it closes', async () => {
    // More than ws itself would answer without cutting the socket off.
    house = await tinyHouse({ messagesAtOnce: 150, messagesPerSecond: 1 });
    const { socket, closed } = await bare(house);
    const answered: string[] = [];
    socket.on('pong', (data) => answered.push(String(data)));
    for (let n = 0; n < 140; n += 1) socket.ping(`${n}`);
    await until(() => answered.length === 140);
    expect(answered).toEqual(Array.from({ length: 140 }, (_, n) => `${n}`));
    for (let n = 0; n < 140; n += 1) socket.ping();
    expect(await closed).toBe(4429);
  });

  it('refuses a message that is too large, not JSON, or has a long id', async () => {
    house = await tinyHouse();
    const large = await bare(house, null);
    large.send({ type: 'connection_init', payload: { large: 'x'.repeat(10_000_000) } });
    expect([1006, 1009]).toContain(await large.closed);
    const garbled = await bare(house);
    garbled.socket.send('{');
    expect(await garbled.closed).toBe(4400);
    const long = await bare(house);
    long.send({ id: 'x'.repeat(200), type: 'subscribe', payload: { query: '{ hello }' } });
    expect(await long.closed).toBe(4400);
  });

  it('lets a query under way finish before it is closed with 1001', async () => {
    house = await tinyHouse();
    const busy = await bare(house);
    const idle = await bare(house);
    busy.send({ id: '1', type: 'subscribe', payload: { query: '{ slow }' } });
    await pause(50);
    await house.transport.stop();
    expect(await Promise.all([busy.closed, idle.closed])).toEqual([1001, 1001]);
    expect(busy.messages).toContainEqual({ id: '1', type: 'next', payload: { data: { slow: 'done' } } });
  });
});
