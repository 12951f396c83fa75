import { expect, it } from 'vitest';
import { jsonDepthLimit, nestsDeeper } from '../../src/domain/nestsDeeper.ts';

const lists = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

it.each([
  ['a number', 7, false],
  ['nothing', null, false],
  ['as deep as allowed', lists(jsonDepthLimit), false],
  ['one deeper', lists(jsonDepthLimit + 1), true],
  ['one deeper, in an object among others', { a: [1], b: { c: lists(jsonDepthLimit - 1) } }, true],
  ['a hundred thousand deep', lists(100_000), true],
  ['wide, not deep', Array.from({ length: 200_000 }, () => [{}]), false],
])('%s', (_what, value, deeper) => {
  expect(nestsDeeper(value)).toBe(deeper);
});
