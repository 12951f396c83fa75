import { expect, it } from 'vitest';
import { judgeOutcome, pauseBefore } from '../../../src/domain/bulkAction/actionRequest.ts';

const answered = (status: number, retryAfter: number | null) =>
  judgeOutcome({ kind: 'ANSWERED', status, body: '', retryAfter });

it.each([
  [429, 7_000, 7_000],
  [503, 7_000, 7_000],
  [429, null, null],
  // An hour is a minute, and yesterday is now.
  [429, 3_600_000, 60_000],
  [503, -5, 0],
  // Elsewhere it is no wait.
  [500, 7_000, null],
  [408, 7_000, null],
  [201, 7_000, null],
  [301, 7_000, null],
])('%i with a Retry-After of %j ms has us rest %j ms', (status, retryAfter, rest) => {
  expect(answered(status, retryAfter).rest).toBe(rest);
});

it('no wait is shorter than our own, nor longer than was asked for', () => {
  expect([2, 3].map((next) => pauseBefore(next, null))).toEqual([1_000, 4_000]);
  expect([2, 3].map((next) => pauseBefore(next, 0))).toEqual([1_000, 4_000]);
  expect([2, 3].map((next) => pauseBefore(next, 2_000))).toEqual([2_000, 4_000]);
  expect(pauseBefore(3, 60_000)).toBe(60_000);
});

it('what leads nowhere rests nobody', () => {
  expect(judgeOutcome({ kind: 'FAILED', reason: 'There was no answer.' }).rest).toBeNull();
});
