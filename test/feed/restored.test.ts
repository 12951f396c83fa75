import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createFeed } from '../../src/feed/createFeed.ts';
import { createLog } from '../../src/log.ts';
import type { Database } from '../../src/store/database.ts';
import { openDatabase } from '../../src/store/openDatabase.ts';
import { type Before, changeOf, commit, declared, founded, noted } from '../store/founded.ts';
import { createServerDatabase } from '../support/serverDatabase.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

const serverUrl = process.env.WARROOM_TEST_DATABASE_URL ?? '';
const log = createLog('silent');
const run = promisify(execFile);

/** Follows a database's ledger from a cursor up to this sequence: what came, as sequence and hash. */
async function followed(database: Database, organizationId: string, after: number, to: number) {
  const feed = createFeed({ database, log });
  const stop = new AbortController();
  const { signal } = stop;
  const came: { sequence: number; hash: string }[] = [];
  try {
    for await (const { entry } of feed.follow({ organizationId, ledger: 'INCIDENTS', after, signal })) {
      if (entry.ledger !== 'RUNS') came.push({ sequence: entry.sequence, hash: entry.hash });
      if (entry.sequence >= to) break;
    }
    return came;
  } finally {
    stop.abort();
    await feed.close();
  }
}

/** Writes this many notes; answers the incident as it is then. */
async function note(database: Database, organization: string, id: string, before: Before, count: number) {
  let after = before;
  for (let n = 0; n < count; n += 1) {
    const changed = changeOf(id, after, [noted(`note ${after.state.version}`)]);
    expect(await commit(database, organization, [changed.change])).toMatchObject([{ kind: 'committed' }]);
    after = changed.after;
  }
  return after;
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

/** Needs a server, and its tools. */
test.skipIf(serverUrl === '')(
  'a cursor from before a dump goes on after its restore, without gap or duplicate',
  async () => {
    const before = await openTestDatabase({ mode: 'server' });
    const restored = await createServerDatabase(serverUrl, { fresh: true });
    try {
      const organization = await founded(before, 'restored');
      const { id, after } = await declared(before, organization);
      const dumped = await note(before, organization, id, after, 20);
      // One who was cut off in the middle, and one who had everything.
      const read = {
        behind: await followed(before, organization, 0, 8),
        upToDate: await followed(before, organization, 0, 21),
      };
      const { stdout } = await run('pg_dump', [before.settings.databaseUrl ?? ''], { maxBuffer: 2 ** 26 });
      const restore = execFile('psql', ['-v', 'ON_ERROR_STOP=1', '-qX', restored.url]);
      restore.stdin?.end(stdout);
      expect(await new Promise((resolve) => restore.once('exit', resolve))).toBe(0);

      const copy = await openDatabase({
        databaseUrl: restored.url,
        dataDirectory: join(tmpdir(), 'unused'),
        log,
      });
      try {
        await note(copy, organization, id, dumped, 10);
        const whole = await followed(copy, organization, 0, 31);
        expect(whole.map(({ sequence }) => sequence)).toEqual(numbers(1, 31));
        for (const seen of Object.values(read)) {
          const later = await followed(copy, organization, seen.at(-1)?.sequence ?? 0, 31);
          expect([...seen, ...later]).toEqual(whole);
        }
      } finally {
        await copy.close();
      }
    } finally {
      await restored.drop();
      await before.drop();
    }
  },
  60_000,
);
