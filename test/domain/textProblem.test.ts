import fc from 'fast-check';
import { expect, it } from 'vitest';
import { textProblem, withoutRefused } from '../../src/domain/textProblem.ts';

it('what is made to fit is what is accepted, and what is accepted stays as it is', () => {
  const unit = fc.oneof(fc.nat(0xa0), fc.integer({ min: 0xd7f0, max: 0xe010 }), fc.nat(0xffff));
  const text = fc.array(unit, { maxLength: 8 }).map((units) => String.fromCharCode(...units));
  fc.assert(
    fc.property(text, (any) => {
      const kept = withoutRefused(any);
      expect(textProblem(kept, 0, Number.POSITIVE_INFINITY)).toBe(null);
      expect(kept === any).toBe(textProblem(any, 0, Number.POSITIVE_INFINITY) === null);
    }),
  );
});
