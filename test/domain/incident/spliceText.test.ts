import fc from 'fast-check';
import { expect, it } from 'vitest';
import { spliceBetween, spliceText } from '../../../src/domain/incident/spliceText.ts';
import { textProblem } from '../../../src/domain/textProblem.ts';

/** Texts that share much, with characters whose surrogate pairs share a half. */
const text = fc
  .array(fc.constantFrom('a', 'b', '\n', '😀', '😁', '🨀', '𐀀', 'é', '"'), { maxLength: 30 })
  .map((parts) => parts.join(''));

it('makes the new text of the old one, and never cuts a surrogate pair', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const splice = spliceBetween(before, after);
      expect(spliceText(before, splice)).toBe(after);
      expect(textProblem(splice.inserted, 0, 1_000)).toBeNull();
      expect(textProblem(before.slice(splice.offset, splice.offset + splice.deleted), 0, 1_000)).toBeNull();
    }),
    { numRuns: 2_000 },
  );
});

it('is no longer than what changed', () => {
  const before = 'x'.repeat(40_000);
  const after = `${before.slice(0, 20_000)}new${before.slice(20_000)}`;
  expect(spliceBetween(before, after)).toEqual({ offset: 20_000, deleted: 0, inserted: 'new' });
  expect(spliceBetween('😀', '😁')).toEqual({ offset: 0, deleted: 2, inserted: '😁' });
});
