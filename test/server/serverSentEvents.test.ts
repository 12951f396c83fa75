import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
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

/** Opens a stream as a browser or curl would. */
function stream(query: string, key = 'key') {
  const state = { text: '', ended: false, status: 0, whole: false };
  const sent = request(`http://${house.url}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${key}`,
    },
  });
  const response = new Promise<import('node:http').IncomingMessage>((resolve) =>
    sent.once('response', resolve),
  );
  void response.then((answer) => {
    state.status = answer.statusCode ?? 0;
    answer.on('data', (chunk) => {
      state.text += chunk;
    });
    answer.on('error', () => {});
    answer.once('close', () => {
      state.ended = true;
      state.whole = answer.complete;
    });
  });
  sent.on('error', () => {});
  sent.end(JSON.stringify({ query }));
  const results = () =>
    [...state.text.matchAll(/^data: (.+)\n\n/gm)].map(([, json]) => JSON.parse(json as string)) as {
      data?: { events?: { sequence: number }; changed?: { sequence: number } };
      errors?: unknown;
    }[];
  return { state, results, response, leave: () => sent.destroy() };
}

describe('a subscription over SSE', () => {
  it('resumes from a cursor, goes on live, and is kept alive by comments', async () => {
    house = await tinyHouse();
    house.ledger.append(30);
    const reader = stream('subscription { events(after: 10) { sequence } }');
    await until(() => reader.results().length === 20);
    commit(2);
    await until(() => reader.results().length === 22);
    const sequences = reader.results().map(({ data }) => data?.events?.sequence);
    expect(sequences).toEqual(Array.from({ length: 22 }, (_, index) => 11 + index));
    await until(() => reader.state.text.endsWith(':\n\n'));
    expect(reader.state.text.endsWith(':\n\n')).toBe(true);
  });

  it('gives the state at once and after each change', async () => {
    house = await tinyHouse();
    house.ledger.append(4);
    const reader = stream('subscription { changed { sequence } }');
    await until(() => reader.results().length === 1);
    commit(1);
    await until(() => reader.results().length === 2);
    expect(reader.results().map(({ data }) => data?.changed?.sequence)).toEqual([4, 5]);
  });

  it('is refused a cursor beyond the head with its code', async () => {
    house = await tinyHouse();
    const reader = stream('subscription { events(after: 9) { sequence } }');
    await until(() => reader.state.ended);
    expect(reader.results()[0]).toMatchObject({ errors: [{ extensions: { code: 'CURSOR_BEYOND_HEAD' } }] });
  });

  it('ends when its key does not hold any more', async () => {
    house = await tinyHouse({ recheckFirst: 200 });
    house.keys.set('gone', credentialOf('gone'));
    const gone = stream('subscription { events { sequence } }', 'gone');
    const fine = stream('subscription { events { sequence } }');
    await until(() => gone.state.status === 200 && fine.state.status === 200);
    house.keys.delete('gone');
    await until(() => gone.state.ended);
    expect([gone.state.ended, fine.state.ended]).toEqual([true, false]);
  });

  it('ends soon when its key could not be looked up for a while', async () => {
    house = await tinyHouse({ recheckFirst: 200 });
    const reader = stream('subscription { events { sequence } }');
    await until(() => reader.state.status === 200);
    house.keys.delete('key');
    house.keys.get = () => {
      throw new Error('The database is away.');
    };
    await pause(500);
    expect(reader.state.ended).toBe(false);
    house.keys.get = Map.prototype.get.bind(house.keys);
    await until(() => reader.state.ended);
    expect(reader.state.ended).toBe(true);
  });

  it('lets go of everything when its client leaves', async () => {
    house = await tinyHouse();
    const reader = stream('subscription { events { sequence } }');
    await until(() => reader.state.status === 200);
    await pause(50);
    reader.leave();
    await pause(100);
    const before = house.ledger.pagesRead;
    house.ledger.append(3);
    await pause(150);
    // Nobody listens, so nobody polls and reads.
    expect(house.ledger.pagesRead).toBe(before);
  });

  it('that is not read waits at its cursor, costs little, and is cut off', async () => {
    house = await tinyHouse({ stuckAfter: 1_000 });
    const stuck = stream('subscription { events(after: 0) { sequence body } }');
    const answer = await stuck.response;
    answer.pause();
    const before = process.memoryUsage().rss;
    for (let n = 0; n < 100; n += 1) {
      commit(10, 'x'.repeat(16_000));
      await pause(5);
    }
    await pause(2_500);
    expect((process.memoryUsage().rss - before) / 1e6).toBeLessThan(150);
    answer.resume();
    await until(() => stuck.state.ended);
    expect(stuck.state.ended).toBe(true);
    expect(stuck.state.text.split('event: next').length).toBeLessThan(1_000);
  });

  it('is executed once for everyone who asks the same, over SSE and WebSocket, whatever their cursor', async () => {
    house = await tinyHouse();
    house.ledger.append(10);
    house.keys.set('other', credentialOf('other'));
    const readers = [stream('subscription { events(after: 10) { sequence } }')];
    await until(() => house.seen.begun === 2);
    readers.push(stream('subscription { events(after: 7) { sequence } }', 'other'));
    readers.push(stream('subscription { events(after: 10) { sequence } }'));
    const heard: unknown[] = [];
    house
      .client()
      .subscribe(
        { query: 'subscription { events(after: 10) { sequence } }' },
        { next: ({ data }) => void heard.push(data), error: () => {}, complete: () => {} },
      );
    await until(() => house.seen.begun === 5 && readers[1]?.results().length === 3);
    await pause(50);
    const before = house.seen.executions;
    for (let n = 0; n < 20; n += 1) {
      commit(1);
      await pause(2);
    }
    await until(() => heard.length === 20 && readers.every((reader) => reader.results().length >= 20));
    expect(house.seen.executions - before).toBe(20);
    expect([...house.seen.credentials]).toEqual(['subscription group']);
    const sequencesOf = (reader: ReturnType<typeof stream>) =>
      reader.results().map(({ data }) => data?.events?.sequence);
    const live = Array.from({ length: 20 }, (_, index) => 11 + index);
    expect(readers.map(sequencesOf)).toEqual([live, [8, 9, 10, ...live], live]);
    expect(heard).toEqual(live.map((sequence) => ({ events: { sequence } })));
  });

  it('shares nothing with other permissions, and no more of an error than its client may see', async () => {
    house = await tinyHouse();
    house.keys.set('more', credentialOf('more', ['READ', 'ADMIN']));
    const query = 'subscription { events { scopes broken } }';
    const readers = [stream(query), stream(query, 'more')];
    await until(() => house.seen.begun === 4);
    await pause(50);
    commit(1);
    await until(() => readers.every((reader) => reader.results().length === 1));
    expect(readers.map((reader) => reader.results()[0])).toMatchObject([
      { data: { events: { scopes: 'READ', broken: null } }, errors: [{ extensions: { code: 'INTERNAL' } }] },
      { data: { events: { scopes: 'READ,ADMIN', broken: null } } },
    ]);
    expect(readers[0]?.state.text).not.toContain('secret detail');
  });

  it('that cannot be shared runs alone, with the same words', async () => {
    house = await tinyHouse();
    house.ledger.append(3);
    const query = 'subscription { ...F } fragment F on Subscription { events(after: 1) { sequence broken } }';
    const reader = stream(query);
    await until(() => reader.results().length === 2);
    commit(1);
    await until(() => reader.results().length === 3);
    expect(reader.results().map(({ data }) => data?.events?.sequence)).toEqual([2, 3, 4]);
    expect(reader.results()[0]).toMatchObject({ errors: [{ extensions: { code: 'INTERNAL' } }] });
    expect([...house.seen.credentials]).toEqual(['key']);
    house.keys.delete('key');
    await until(() => reader.state.ended);
    expect(reader.state.text.endsWith('event: complete\ndata:\n\n')).toBe(true);
  });

  it('of a slow reader pauses where it is full, and loses nothing', async () => {
    house = await tinyHouse();
    const reader = stream('subscription { events(after: 0) { sequence body } }');
    const answer = await reader.response;
    answer.pause();
    for (let n = 0; n < 300; n += 1) {
      commit(1, 'x'.repeat(16_000));
      if (n % 10 === 0) await pause(2);
    }
    await pause(100);
    answer.resume();
    await until(() => reader.results().length === 300, 20_000);
    expect(reader.results().map(({ data }) => data?.events?.sequence)).toEqual(
      Array.from({ length: 300 }, (_, index) => index + 1),
    );
  });
});

describe('a server that stops', () => {
  it('ends its streams whole and without "complete", so that their clients come back', async () => {
    house = await tinyHouse();
    const readers = [
      stream('subscription { events { sequence } }'),
      stream('subscription { ...F } fragment F on Subscription { events { sequence } }'),
    ];
    await until(() => readers.every(({ state }) => state.status === 200));
    await pause(50);
    commit(3);
    await until(() => readers.every(({ results }) => results().length === 3));
    const began = performance.now();
    await house.streams.stop();
    expect(performance.now() - began).toBeLessThan(1_000);
    await until(() => readers.every(({ state }) => state.ended));
    for (const { state, results } of readers) {
      expect(state).toMatchObject({ ended: true, whole: true });
      expect(state.text).not.toContain('complete');
      expect(results().map(({ data }) => data?.events?.sequence)).toEqual([1, 2, 3]);
    }
    const late = stream('subscription { events { sequence } }');
    await until(() => late.state.ended);
    expect(late.results()[0]).toMatchObject({ errors: [{ extensions: { code: 'OVERLOADED' } }] });
    expect(late.state.status).toBe(503);
  });

  it('does not wait for a client that reads nothing', async () => {
    house = await tinyHouse();
    const stuck = stream('subscription { events(after: 0) { sequence body } }');
    (await stuck.response).pause();
    for (let n = 0; n < 60; n += 1) {
      commit(10, 'x'.repeat(16_000));
      await pause(5);
    }
    const began = performance.now();
    await house.streams.stop();
    expect(performance.now() - began).toBeLessThan(4_000);
  });
});
