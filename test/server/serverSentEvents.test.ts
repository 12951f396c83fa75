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
  const state = { text: '', ended: false, status: 0 };
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
    answer.once('close', () => {
      state.ended = true;
    });
  });
  sent.on('error', () => {});
  sent.end(JSON.stringify({ query }));
  const results = () =>
    [...state.text.matchAll(/^data: (.+)$/gm)].map(([, json]) => JSON.parse(json as string)) as {
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
});
