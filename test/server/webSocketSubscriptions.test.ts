import { afterEach, describe, expect, it } from 'vitest';
import { collect, commit, pause, standing, until } from './socketReaders.ts';
import { credentialOf, type TinyHouse, tinyHouse } from './tinyHouse.ts';

let house: TinyHouse;
afterEach(() => house.stop());

describe('subscriptions over a WebSocket', () => {
  it('execute once for everyone who asks the same, in nobody’s name', async () => {
    house = await tinyHouse();
    for (const key of ['a', 'b', 'c']) house.keys.set(key, credentialOf(key));
    const query = 'subscription ($after: Int) { events(after: $after) { sequence role scopes } }';
    const all = ['a', 'b', 'c'].map((key) => collect(house, query, { key }));
    await standing(house, 4);
    commit(house, 3);
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
    const plain = collect(house, query);
    const more = collect(house, query, { key: 'more' });
    const odd = collect(house, query, { variables: { odd: 'yes' } });
    const short = collect(house, 'subscription { events { sequence } }');
    await standing(house, 8);
    commit(house, 2);
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
      ...collect(house, query, { variables: { after } }),
    }));
    const literal = { after: 60, ...collect(house, 'subscription { events(after: 60) { sequence } }') };
    readers.push(literal);
    await until(() => readers.every(({ results, after }) => results.length === 150 - after));
    const before = house.seen.executions;
    commit(house, 5);
    await until(() => readers.every(({ results, after }) => results.length === 155 - after));
    for (const { after, sequences } of readers) {
      expect(sequences()).toEqual(Array.from({ length: 155 - after }, (_, index) => after + 1 + index));
    }
    // One group for the variable, one for the document with the literal.
    expect(house.seen.executions - before).toBe(10);
  });

  it('refuse a cursor beyond the head with its code, and mask what fails unexpectedly', async () => {
    house = await tinyHouse();
    const beyond = collect(house, 'subscription { events(after: 7) { sequence } }');
    const broken = collect(house, 'subscription { events { sequence broken } }');
    await until(() => beyond.state.complete);
    expect(beyond.results).toMatchObject([
      { errors: [{ path: ['events'], extensions: { code: 'CURSOR_BEYOND_HEAD' } }] },
    ]);
    await standing(house, 3);
    commit(house, 1);
    await until(() => broken.results.length === 1);
    expect(broken.results).toMatchObject([{ data: { events: { sequence: 1, broken: null } } }]);
    expect(broken.results[0]?.errors).toMatchObject([{ extensions: { code: 'INTERNAL' } }]);
    expect(JSON.stringify(broken.results)).not.toContain('secret');
  });

  it('end when the client says so', async () => {
    house = await tinyHouse();
    const reader = collect(house, 'subscription { events { sequence } }');
    await standing(house, 2);
    commit(house, 1);
    await until(() => reader.results.length === 1);
    reader.stop();
    await pause(50);
    commit(house, 1);
    await pause(50);
    expect(reader.sequences()).toEqual([1]);
    expect(house.seen.executions).toBe(1);
  });

  it('give the state at once and after each change', async () => {
    house = await tinyHouse();
    house.ledger.append(4);
    const reader = collect(house, 'subscription { changed { sequence version } }');
    await until(() => reader.results.length === 1);
    commit(house, 1);
    await until(() => reader.results.length === 2);
    expect(reader.sequences()).toEqual([4, 5]);
  });

  it('run alone when they cannot be shared, with the same results', async () => {
    house = await tinyHouse();
    house.ledger.append(2);
    const reader = collect(
      house,
      'subscription { ...S } fragment S on Subscription { events(after: 0) { sequence } }',
    );
    await until(() => reader.results.length === 2);
    commit(house, 1);
    await until(() => reader.results.length === 3);
    expect(reader.sequences()).toEqual([1, 2, 3]);
  });
});
