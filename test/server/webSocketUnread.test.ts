import { afterEach, describe, expect, it } from 'vitest';
import { bare, collect, commit, type Event, pause, standing, until } from './socketReaders.ts';
import { type TinyHouse, tinyHouse } from './tinyHouse.ts';

let house: TinyHouse;
afterEach(() => house.stop());

describe('a socket that is not read', () => {
  const subscribe = (id: string) => ({
    id,
    type: 'subscribe',
    payload: { query: 'subscription { events { sequence body } }' },
  });

  it('is closed with 1013, costs little memory, and holds up nobody', async () => {
    house = await tinyHouse({ stuckAfter: 600 });
    const stuck = await Promise.all(Array.from({ length: 20 }, () => bare(house)));
    for (const one of stuck) {
      one.send(subscribe('1'));
      one.socket.pause();
    }
    const healthy = collect(house, 'subscription { events { sequence body } }');
    await standing(house, 22);
    const before = process.memoryUsage().rss;
    const end = performance.now() + 15_000;
    let committed = 0;
    while (house.transport.size > 1 && performance.now() < end) {
      commit(house, 4, 'x'.repeat(16_000));
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
    const { socket, send, closed } = await bare(house);
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
    const slow = await bare(house);
    slow.send(subscribe('1'));
    await standing(house, 2);
    slow.socket.pause();
    for (let n = 0; n < 40; n += 1) {
      commit(house, 20, 'x'.repeat(16_000));
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
