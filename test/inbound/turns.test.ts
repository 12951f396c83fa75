import { describe, expect, it } from 'vitest';
import { Turns, Waiting } from '../../src/inbound/turns.ts';

const place = (organizationId: string, of = 'key') => ({ organizationId, of });

describe('turns', () => {
  it('are taken by organizations, and by the keys of one, each in its order', () => {
    const turns = new Turns<string>();
    for (const n of [1, 2, 3, 4]) turns.add(place('a', 'x'), `a.x.${n}`);
    turns.add(place('a', 'y'), 'a.y.1');
    for (const n of [1, 2]) turns.add(place('b', 'x'), `b.x.${n}`);
    const took = Array.from({ length: 8 }, () => turns.next());
    expect(took).toEqual(['a.x.1', 'b.x.1', 'a.y.1', 'b.x.2', 'a.x.2', 'a.x.3', 'a.x.4', null]);
  });

  it('pass over what waits no longer', () => {
    const turns = new Turns<string>();
    for (const one of ['1', '2', '3']) turns.add(place('a'), one);
    turns.delete(place('a'), '1');
    turns.delete(place('b'), '2');
    turns.delete(place('a', 'other'), '3');
    expect([turns.next(), turns.next(), turns.next()]).toEqual(['2', '3', null]);
  });
});

describe('what waits', () => {
  it('has a bound: a quarter of it for a key, half for an organization', () => {
    const waiting = new Waiting({ waiting: 8, bytes: 1_000 });
    const admitted = ['a.x', 'a.x', 'a.x', 'a.y', 'a.y', 'a.z', 'b.x', 'b.x', 'b.y', 'b.y', 'c.x'].map(
      (name) => {
        const [organizationId = '', of = ''] = name.split('.');
        const fits = waiting.fits({ organizationId, of }, 1);
        if (fits) waiting.take({ organizationId, of }, 1);
        return fits;
      },
    );
    expect(admitted).toEqual([true, true, false, true, true, false, true, true, true, true, false]);
    waiting.free(place('b', 'x'), 1);
    expect([waiting.fits(place('c', 'x'), 1), waiting.fits(place('a', 'x'), 1)]).toEqual([true, false]);
  });

  it('has a bound of its bytes, past which only the first of all goes', () => {
    const waiting = new Waiting({ waiting: 100, bytes: 1_000 });
    expect(waiting.fits(place('a'), 5_000)).toBe(true);
    waiting.take(place('a'), 200);
    expect([waiting.fits(place('a'), 50), waiting.fits(place('a'), 51)]).toEqual([true, false]);
    expect([waiting.fits(place('a', 'y'), 300), waiting.fits(place('a', 'y'), 301)]).toEqual([true, false]);
    expect([waiting.fits(place('b'), 800), waiting.fits(place('b'), 801)]).toEqual([true, false]);
    waiting.free(place('a'), 200);
    expect(waiting.fits(place('a'), 5_000)).toBe(true);
  });
});
