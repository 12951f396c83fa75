import { expect, it } from 'vitest';
import { retryAfterOf } from '../../src/outbound/retryAfter.ts';

const now = 'Sun, 06 Nov 1994 08:49:37 GMT';

it.each([
  [null, null],
  ['', null],
  ['soon', null],
  ['-3', null],
  ['1.5', null],
  ['0', 0],
  [' 120 ', 120_000],
  ['9000000000', 9e12],
  ['Sun, 06 Nov 1994 08:50:07 GMT', 30_000],
  ['Sunday, 06-Nov-94 08:50:07 GMT', 30_000],
  ['Sun Nov  6 08:50:07 1994', 30_000],
  // It is over already.
  ['Sun, 06 Nov 1994 08:49:00 GMT', 0],
  ['Sun, 99 Nov 1994 08:49:00 GMT', null],
  // No date of HTTP, and of another time zone.
  ['1994-11-06T08:50:07Z', null],
  ['Sun, 06 Nov 1994 08:50:07 +0200', null],
])('a Retry-After of %j is a wait of %j ms', (header, wait) => {
  expect(retryAfterOf(header, now)).toBe(wait);
});

it('a date compared with a clock that cannot be read asks for nothing, seconds need none', () => {
  expect(retryAfterOf('Sun, 06 Nov 1994 08:50:07 GMT', 'today')).toBeNull();
  expect(retryAfterOf('3', 'today')).toBe(3_000);
});
