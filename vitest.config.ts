import { defineConfig } from 'vitest/config';

/**
 * Files that need a process of their own: they measure its memory, watch what it does globally, or bring a load that
 * the next file should not inherit.
 */
const alone = [
  'test/external/**/*.test.ts',
  'test/identity/quietly.test.ts',
  'test/main/**/*.test.ts',
  'test/server/serverSentEvents.test.ts',
  'test/server/webSocketUnread.test.ts',
  'test/store/embedded.test.ts',
  'test/stories/**/*.test.ts',
];

export default defineConfig({
  // Node itself loads graphql as CommonJS; vite would pick its ES module, and two copies do not know each other's types.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores is the smallest machine we promise; more workers only make the timings noisy.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: { name: 'alone', include: alone, sequence: { groupOrder: 1 } },
      },
      {
        // One after the other in the same two processes: what a file imports, and PostgreSQL's machine code, is there
        // already. No file may leave anything behind, nor count on finding nothing.
        extends: true,
        test: {
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: alone,
          isolate: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
