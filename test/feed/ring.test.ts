import { describe, expect, it } from 'vitest';
import { createRing } from '../../src/feed/ring.ts';
import { weightOf } from '../../src/feed/weight.ts';
import { fakeLedger, organizationId } from './fakeLedger.ts';

describe('the ring', () => {
  it('keeps the newest entries and no more than its bound', () => {
    const ring = createRing(0, { entries: 10, bytes: Number.POSITIVE_INFINITY });
    for (const entry of fakeLedger().append(1_000)) ring.push(entry, 1);
    expect(ring).toMatchObject({ size: 10, last: 1_000, floor: 990, bytes: 10 });
    expect(ring.after(995, 100)?.map((item) => item.entry.sequence)).toEqual([996, 997, 998, 999, 1_000]);
    expect(ring.after(990, 2)?.map((item) => item.entry.sequence)).toEqual([991, 992]);
    expect(ring.after(1_000, 5)).toEqual([]);
  });

  it('says so when what is asked for has left', () => {
    const ring = createRing(0, { entries: 10, bytes: Number.POSITIVE_INFINITY });
    for (const entry of fakeLedger().append(20)) ring.push(entry, 1);
    expect(ring.after(9, 100)).toBeNull();
  });

  it('keeps its bytes within the bound, even for one entry larger than it', () => {
    const ring = createRing(0, { entries: 100, bytes: 50 });
    const entries = fakeLedger().append(4);
    for (const [index, entry] of entries.entries()) ring.push(entry, index === 3 ? 51 : 20);
    expect(ring).toMatchObject({ size: 0, bytes: 0, last: 4, floor: 4 });
  });

  it('refuses an entry that is not the next one', () => {
    const ring = createRing(5, { entries: 10, bytes: 1e9 });
    const [first] = fakeLedger().append(1);
    expect(() => ring.push(first as never, 1)).toThrow('not the next');
  });

  it('finds what comes after a number that has no run', () => {
    const ring = createRing(0, { entries: 5, bytes: 1e9 });
    const numbers = [1, 2, 5, 9, 10, 11, 40];
    for (const sequence of numbers) {
      ring.push({ entry: { organizationId, ledger: 'RUNS', sequence, run: null }, after: null }, 1);
    }
    expect(ring).toMatchObject({ size: 5, floor: 2, last: 40 });
    expect(ring.after(1, 100)).toBeNull();
    for (let after = 2; after <= 41; after += 1) {
      const expected = numbers.filter((sequence) => sequence > after);
      expect(ring.after(after, 100)?.map(({ entry }) => entry.sequence)).toEqual(expected);
    }
  });

  it('weighs an entry at least as much as its text', () => {
    const ledger = fakeLedger();
    ledger.append(3);
    const [entry] = ledger.append(1, 'x'.repeat(10_000));
    expect(weightOf(entry as never)).toBeGreaterThan(20_000);
  });
});
