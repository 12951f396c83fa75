import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CommitCut, type CuttableProxy, openCuttableProxy } from '../support/cuttableProxy.ts';
import { type ServerProcess, startServerProcess } from '../support/serverProcess.ts';
import { openStoryDatabase, type StoryDatabase } from '../support/storyDatabase.ts';
import { keyedWriters } from './keyedWriters.ts';

const cuts = Number(process.env.WARROOM_CUTS ?? 60);
/** Milliseconds: docs/operations.md and the bars promise no more. */
const noticedWithin = 15_000;

// The embedded database is reached inside the process: there is nothing in between to break.
describe.runIf(process.env.WARROOM_TEST_DATABASE_URL)('a server whose way to the database breaks', () => {
  let database: StoryDatabase;
  let proxy: CuttableProxy;
  let server: ServerProcess;

  beforeAll(async () => {
    database = await openStoryDatabase();
    const url = new URL(database.settings.databaseUrl ?? '');
    proxy = await openCuttableProxy(url.hostname, Number(url.port || 5432));
    url.host = `127.0.0.1:${proxy.port}`;
    server = await startServerProcess({ DATABASE_URL: url.href });
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    await proxy?.close();
    await database?.drop();
  });

  test(
    `in ${cuts} commits, before, while and after they are carried out: each retried key has exactly one effect`,
    async () => {
      const made: Record<CommitCut, number> = { before: 0, sent: 0, answered: 0 };
      const kinds: readonly CommitCut[] = ['before', 'sent', 'answered'];
      const total = () => made.before + made.sent + made.answered;
      proxy.cutCommits(() => {
        if (total() >= cuts || Math.random() < 0.5) return null;
        const kind = kinds[total() % kinds.length] as CommitCut;
        made[kind] += 1;
        return kind;
      });
      const writers = keyedWriters(() => server.url, 'cut');
      await writers.writeUntil(8, () => total() >= cuts);
      proxy.cutCommits(() => null);
      await writers.writeUntil(1, () => true);
      expect(made.answered).toBeGreaterThanOrEqual(Math.floor(cuts / 3));
      expect(await writers.differences()).toEqual([]);
      expect(server.running).toBe(true);
    },
    120_000 + cuts * 2_000,
  );

  test('without a word: noticed within 15 s, and nothing lost or done twice', async () => {
    const writers = keyedWriters(() => server.url, 'hung');
    let stopped = false;
    const writing = writers.writeUntil(8, () => stopped);
    await new Promise((wake) => setTimeout(wake, 1_000));
    const before = writers.acknowledged.size;
    expect(before).toBeGreaterThan(0);
    proxy.hang();
    const hungAt = Date.now();
    while (writers.lastSuccessAt < hungAt + 1_000) await new Promise((wake) => setTimeout(wake, 50));
    expect(writers.lastSuccessAt - hungAt).toBeLessThan(noticedWithin);
    stopped = true;
    await writing;
    expect(await writers.differences()).toEqual([]);
    expect(server.running).toBe(true);
  }, 120_000);
});
