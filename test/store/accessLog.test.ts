import { rmSync } from 'node:fs';
import pg from 'pg';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccessEntry } from '../../src/domain/access/accessEntry.ts';
import { startEmbedded } from '../../src/store/embedded.ts';
import { accessLogCursor, accessLogPage } from '../../src/store/read/accessLog.ts';
import { logIncidentReads } from '../../src/store/read/logIncidentReads.ts';
import { sweepAccessLog } from '../../src/store/sweepAccessLog.ts';
import { writeAccess } from '../../src/store/writeAccess.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';
import { founded } from './founded.ts';

const entry = (at: string, more: Partial<AccessEntry> = {}): AccessEntry => ({
  id: v7(),
  at,
  requestId: 'request-1',
  actor: { kind: 'USER', id: 'ada', role: 'ORG_ADMIN' },
  superadmin: false,
  credentialId: 'session-1',
  operation: 'QUERY',
  field: 'members',
  subjects: ['a', 'b'],
  address: '203.0.113.7',
  userAgent: 'curl/8',
  outcome: 'ALLOWED',
  ...more,
});
const window = { size: 100, after: null, before: null, backward: false };
const everything = { actorId: null, fields: null, outcome: null, at: null };

let database: TestDatabase;
let mine: string;
let theirs: string;
beforeAll(async () => {
  database = await openTestDatabase();
  mine = await founded(database, 'mine');
  theirs = await founded(database, 'theirs');
});
afterAll(() => database.drop());

const monthsThere = async () => {
  const rows = await database.asPlatform<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relispartition AND relkind = 'r' AND relname LIKE 'access_log%' ORDER BY 1`,
  );
  return rows.map(({ name }) => name.replace('access_log_', ''));
};

describe('entries of the access log', () => {
  it('find the month that takes them, also where nobody made it yet, and are read as they were written', async () => {
    expect(await monthsThere()).toEqual([]);
    const written = [entry('2026-11-30T23:59:59.999Z'), entry('2026-12-01T00:00:00.000Z', { address: null })];
    await writeAccess(database, mine, written);
    expect(await monthsThere()).toEqual(['2026_11', '2026_12', '2027_01', '2027_02']);
    const scope = { database, organizationId: mine };
    expect((await accessLogPage(scope, everything, window)).items).toEqual([...written].reverse());
    // Sent again, after a connection that died, it is not written again.
    await writeAccess(database, mine, written);
    expect((await accessLogPage(scope, everything, window)).items).toHaveLength(2);
    expect((await accessLogPage({ database, organizationId: theirs }, everything, window)).items).toEqual([]);
  });

  it('are written all or none', async () => {
    const good = entry('2026-11-05T00:00:00.000Z', { field: 'alone' });
    const bad = entry('2026-11-05T00:00:00.000Z', { field: 'x'.repeat(101) });
    await expect(writeAccess(database, mine, [good, bad])).rejects.toThrow('access_log');
    const page = await accessLogPage(
      { database, organizationId: mine },
      { ...everything, fields: ['alone'] },
      window,
    );
    expect(page.items).toEqual([]);
  });

  it('are found by every filter, by the page, newest first', async () => {
    const organizationId = await founded(database, 'filters');
    const scope = { database, organizationId };
    const at = (n: number) => `2026-11-${String(n).padStart(2, '0')}T12:00:00.000Z`;
    const all = Array.from({ length: 20 }, (_, index) =>
      entry(at(index + 1), {
        field: index % 5 === 0 ? 'apiKeys' : 'members',
        outcome: index % 4 === 0 ? 'REFUSED' : 'ALLOWED',
        actor: { kind: index % 2 ? 'USER' : 'API_KEY', id: index % 2 ? 'ada' : 'key', role: 'ORG_ADMIN' },
      }),
    );
    await writeAccess(database, organizationId, all);
    const newest = [...all].reverse();
    const found = async (filter: Partial<typeof everything | object>) =>
      (await accessLogPage(scope, { ...everything, ...filter }, window)).items;
    expect(await found({})).toEqual(newest);
    expect(await found({ fields: ['apiKeys'] })).toEqual(newest.filter(({ field }) => field === 'apiKeys'));
    expect(await found({ fields: ['apiKeys', 'members', 'apiKeys'] })).toEqual(newest);
    expect(await found({ fields: [] })).toEqual([]);
    expect(await found({ outcome: 'REFUSED' })).toEqual(
      newest.filter(({ outcome }) => outcome === 'REFUSED'),
    );
    expect(await found({ actorId: 'ada', fields: ['members'], outcome: 'ALLOWED' })).toEqual(
      newest.filter((one) => one.actor.id === 'ada' && one.field === 'members' && one.outcome === 'ALLOWED'),
    );
    expect(await found({ at: { from: at(3), until: at(6) } })).toEqual(
      newest.filter((one) => one.at >= at(3) && one.at < at(6)),
    );
    for (const filter of [everything, { ...everything, fields: ['apiKeys', 'members'] }]) {
      const paged: AccessEntry[] = [];
      for (let after: string | null = null; ; ) {
        const page = await accessLogPage(scope, filter, { ...window, size: 3, after });
        paged.push(...page.items);
        const last = page.items.at(-1);
        if (!page.more || last === undefined) break;
        after = accessLogCursor(last);
      }
      expect(paged).toEqual(newest);
    }
  });
});

describe('months of the access log', () => {
  it('are made ahead, and dropped when they are older than what is kept', async () => {
    const other = await openTestDatabase();
    const there = async () => {
      const rows = await other.asPlatform<{ name: string }>(
        `SELECT relname AS name FROM pg_class WHERE relispartition AND relkind = 'r' AND relname LIKE 'access_log%' ORDER BY 1`,
      );
      return rows.map(({ name }) => name.replace('access_log_', ''));
    };
    try {
      const organizationId = await founded(other, 'old');
      await sweepAccessLog(other, '2024-01-31T23:59:59.000Z', 24);
      expect(await there()).toEqual(['2024_01', '2024_02', '2024_03']);
      await writeAccess(other, organizationId, [
        entry('2024-01-31T23:00:00.000Z'),
        entry('2024-02-29T00:00:00.000Z'),
      ]);
      // Two instances at once, and again.
      await Promise.all([1, 2].map(() => sweepAccessLog(other, '2026-01-31T23:59:59.000Z', 24)));
      expect(await there()).toEqual(['2024_01', '2024_02', '2024_03', '2026_01', '2026_02', '2026_03']);
      expect(await sweepAccessLog(other, '2026-02-01T00:00:00.000Z', 24)).toBe(1);
      const scope = { database: other, organizationId };
      const kept = await accessLogPage(scope, everything, window);
      expect(kept.items.map(({ at }) => at)).toEqual(['2024-02-29T00:00:00.000Z']);
      expect(await sweepAccessLog(other, '2036-02-01T00:00:00.000Z', 1)).toBe(6);
      expect(await there()).toEqual(['2036_02', '2036_03', '2036_04']);
    } finally {
      await other.drop();
    }
  });
});

describe('the policy', () => {
  it('is read without incident reads, until it says so', async () => {
    expect(await logIncidentReads(database, mine)).toBe(false);
    expect(await logIncidentReads(database, v7())).toBe(false);
  });
});

const changes = [
  `UPDATE warroom.access_log SET field = 'nothing'`,
  'DELETE FROM warroom.access_log',
  'TRUNCATE warroom.access_log',
  `UPDATE warroom.access_log_2026_11 SET field = 'nothing'`,
  'DELETE FROM warroom.access_log_2026_11',
  'TRUNCATE warroom.access_log_2026_11',
];

describe('the access log is append-only', () => {
  let log: TestDatabase;
  let login: pg.Client;
  let stop = () => log.drop();
  let organization: string;
  beforeAll(async () => {
    log = await openTestDatabase();
    organization = await founded(log, 'append-only');
    await writeAccess(log, organization, [entry('2026-11-20T12:00:00.000Z')]);
    const { databaseUrl } = log.settings;
    if (databaseUrl !== null) {
      login = new pg.Client(databaseUrl);
    } else {
      // One process at a time: the superuser takes the place of the program.
      await log.close();
      const embedded = await startEmbedded(log.settings);
      login = new pg.Client(embedded.connection);
      stop = async () => {
        await embedded.close();
        rmSync(log.settings.dataDirectory, { recursive: true, force: true });
      };
    }
    await login.connect();
  });
  afterAll(async () => {
    await login.end();
    await stop();
  });

  for (const change of changes) {
    for (const mode of ['origin', 'replica', 'local']) {
      it(`refuses a superuser, replicating as ${mode}: ${change}`, async () => {
        await login.query(`SET session_replication_role = ${mode}`);
        await expect(login.query(change)).rejects.toThrow(
          /The access log is append-only: \w+ of warroom.access_log/,
        );
      });
    }
    it(`refuses the owner: ${change}`, async () => {
      await login.query('SET ROLE warroom_owner');
      await expect(login.query(change)).rejects.toThrow('The access log is append-only');
      await login.query('RESET ROLE');
    });
    for (const role of ['warroom_app', 'warroom_platform', 'warroom_identity']) {
      it(`is not even asked of ${role}: ${change}`, async () => {
        await login.query(`SET ROLE ${role}`);
        await login.query(`SELECT set_config('warroom.organization', $1, false)`, [organization]);
        await expect(login.query(change)).rejects.toThrow('permission denied');
        await login.query('RESET ROLE');
      });
    }
  }
});
