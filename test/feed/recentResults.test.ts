import { expect, it } from 'vitest';
import { createRecentResults } from '../../src/feed/recentResults.ts';

it('shares a result for two seconds, then makes room', () => {
  let now = 0;
  const budget = { free: 1_000 };
  const results = createRecentResults(budget, () => now);
  results.set(1, Buffer.alloc(100));
  now = 2_000;
  expect(results.get(1)).toHaveLength(100);
  now = 2_001;
  expect(results.get(1)).toBeUndefined();
  expect(budget.free).toBe(1_000);
});
