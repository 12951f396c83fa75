import { describe, expect, it } from 'vitest';
import { Shares } from '../../src/app/shares.ts';

/** Takes for an organization as long as it is not left out, as claiming does; answers how many it got. */
function takeAll(shares: Shares, organizationId: string): number {
  let taken = 0;
  while (!shares.leaveOut().includes(organizationId) && shares.atOnce > 0) {
    for (let left = shares.atOnce; left > 0; left -= 1, taken += 1) shares.take(organizationId);
  }
  return taken;
}

describe('shares', () => {
  it('leave room for the next, however many keep theirs', () => {
    const shares = new Shares(800);
    const taken = Array.from({ length: 8 }, (_, n) => takeAll(shares, `${n}`));
    expect(taken).toEqual([400, 200, 100, 50, 25, 18, 5, 1]);
  });

  it('never give the last place away', () => {
    const shares = new Shares(4);
    expect(Array.from({ length: 5 }, (_, n) => takeAll(shares, `${n}`))).toEqual([2, 1, 0, 0, 0]);
  });

  it('say once when there is room for one that was left out', () => {
    const shares = new Shares(8);
    takeAll(shares, 'a');
    shares.take('b');
    expect(shares.leaveOut()).toEqual(['a']);
    expect(shares.give('b')).toBe(false);
    expect(shares.give('a')).toBe(true);
    expect(shares.give('a')).toBe(false);
  });

  it('say so to anyone when there was no place at all', () => {
    const shares = new Shares(4);
    takeAll(shares, 'a');
    takeAll(shares, 'b');
    shares.leaveOut();
    expect(shares.atOnce).toBe(0);
    expect(shares.give('b')).toBe(true);
  });
});
