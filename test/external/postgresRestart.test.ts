import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyedWriters } from '../stories/keyedWriters.ts';
import { type PostgresCluster, postgresPrograms, startPostgresCluster } from '../support/postgresCluster.ts';
import { type ServerProcess, startServerProcess } from '../support/serverProcess.ts';

const restarts = Number(process.env.WARROOM_RESTARTS ?? 4);
/** Milliseconds from PostgreSQL being back to the first success. */
const servesAgainWithin = 2_000;

describe.runIf(postgresPrograms() !== null)('PostgreSQL, restarted under a server', () => {
  let cluster: PostgresCluster;
  let server: ServerProcess;

  beforeAll(async () => {
    cluster = await startPostgresCluster();
    server = await startServerProcess({ DATABASE_URL: cluster.url });
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    await cluster?.drop();
  });

  test(
    `immediately, ${restarts} times in the middle of writing: no exit, served again within 2 s, nothing lost or done twice`,
    async () => {
      const writers = keyedWriters(() => server.url, 'restart');
      let stopped = false;
      const writing = writers.writeUntil(8, () => stopped);
      const servedAgainAfter: number[] = [];
      for (let n = 0; n < restarts; n += 1) {
        const before = writers.acknowledged.size;
        while (writers.acknowledged.size < before + 50) await new Promise((wake) => setTimeout(wake, 10));
        await cluster.stopImmediately();
        // Away for longer than a checkout waits, every other time.
        if (n % 2 === 1) await new Promise((wake) => setTimeout(wake, 3_000));
        await cluster.start();
        const backAt = Date.now();
        while (writers.lastSuccessAt < backAt) await new Promise((wake) => setTimeout(wake, 5));
        servedAgainAfter.push(writers.lastSuccessAt - backAt);
      }
      stopped = true;
      await writing;
      expect(server.running).toBe(true);
      expect(await writers.differences()).toEqual([]);
      expect(Math.max(...servedAgainAfter)).toBeLessThanOrEqual(servesAgainWithin);
    },
    120_000 + restarts * 30_000,
  );
});
