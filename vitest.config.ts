import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Node itself loads graphql as CommonJS; vite would pick its ES module, and two copies do not know each other's types.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores is the smallest machine we promise; more workers only make the timings noisy.
    maxWorkers: 2,
  },
});
