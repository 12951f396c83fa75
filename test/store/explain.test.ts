import type pg from 'pg';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database, Row } from '../../src/store/database.ts';
import { plainOf } from '../../src/store/plainChanges.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import type { IncidentFilter } from '../../src/store/read/incidentFilter.ts';
import { incidentOrderFields, incidentPage } from '../../src/store/read/incidentPage.ts';
import { incidentsByDedupKeys } from '../../src/store/read/incidentsByDedupKeys.ts';
import {
  type InvitationRow,
  invitationCursor,
  invitationPage,
  invitations,
} from '../../src/store/read/invitations.ts';
import { members, users } from '../../src/store/read/people.ts';
import { gateMember, gateStandings } from '../../src/store/read/sessionGate.ts';
import { statesAt } from '../../src/store/read/statesAt.ts';
import { everything, filling, id, now, openLogin, organization, wanted } from './bigTables.ts';
import { changeOf, commit, created, founded, loading, noted } from './founded.ts';
import { listedReads } from './listedReads.ts';

/** Those that hold one row an organization are better read whole. */
const small = new Set(['ledger_head', 'organization']);
const window = { size: 25, after: null, before: null, backward: false };

describe('what the lists read, as warroom_app, on big tables', () => {
  let login: pg.Client;
  let stop: () => Promise<unknown>;
  const scans: { readonly sql: string; readonly scans: string[] }[] = [];

  beforeAll(async () => {
    ({ login, stop } = await openLogin());
    await login.query("SET timezone = 'UTC'");
    await primePlans();
    await login.query(`RESET ROLE; SET search_path = warroom; ${filling}`);
    await login.query(
      `RESET search_path; SET ROLE warroom_app; SET warroom.organization = '${organization}'`,
    );
  }, 180_000);
  afterAll(async () => {
    await login.end();
    await stop();
  });

  const callOf = (name: string, parameters: readonly unknown[]) =>
    `SELECT warroom.${name}(${parameters.map((_, index) => `$${index + 1}`).join(', ')}) AS answer`;

  /** Makes this session keep plans of every write and load as of tables that are all but empty. */
  async function primePlans(): Promise<void> {
    const as = async (role: string, of: string, sql: string, parameters: readonly unknown[] = []) => {
      await login.query(
        `SELECT set_config('role', $1, false), set_config('warroom.organization', $2, false)`,
        [role, of],
      );
      return (await login.query(sql, [...parameters])).rows;
    };
    const plain = {
      asOrganization: (of: string, sql: string, parameters: readonly unknown[]) =>
        as('warroom_app', of, sql, parameters),
      callAsOrganization: async (of: string, name: string, parameters: readonly unknown[]) =>
        (await as('warroom_app', of, callOf(name, parameters), parameters))[0].answer,
      asPlatform: (sql: string, parameters: readonly unknown[]) =>
        as('warroom_platform', '', sql, parameters),
    } as unknown as Database;
    const prime = await founded(plain, 'prime');
    for (let n = 0; n < 3; n += 1) {
      const { change, after } = changeOf(v7(), null, [created({ tags: ['a'] })], everything);
      await commit(plain, prime, [change]);
      await commit(plain, prime, [
        changeOf(String(change.incidentId), after, [noted('a')], everything).change,
      ]);
      const request = { principal: 'ada', key: v7(), digest: 'ab'.repeat(32) };
      await commit(plain, prime, [changeOf(v7(), null, [created()], { request }).change]);
      await createPostgresStore(plain).load(
        loading(prime, { ...wanted(v7()), incidentIds: [String(change.incidentId)] }),
      );
      await createPostgresStore(plain).claim({
        now: '2020-01-01T00:00:00.000Z',
        limit: 10,
        leaseMilliseconds: 1,
      });
    }
  }

  /** Runs each statement and notes what it scans from end to end. */
  const database = {
    async asOrganization<R extends Row>(
      _organization: string,
      sql: string,
      parameters: readonly unknown[] = [],
    ) {
      const plan = await login.query(`EXPLAIN (FORMAT JSON) ${sql}`, [...parameters]);
      const text = JSON.stringify(plan.rows[0]);
      scans.push({
        sql,
        scans: [...text.matchAll(/"Node Type":"Seq Scan"[^{}]*?"Relation Name":"(\w+)"/g)]
          .map(([, table = '']) => table)
          .filter((table) => !small.has(table)),
      });
      return (await login.query(sql, [...parameters])).rows as R[];
    },
  } as unknown as Database;
  const scope = { database, organizationId: organization };

  it('loads and commits by key, though its plans were made when the tables were empty', async () => {
    const buffers = async (sql: string, parameters: readonly unknown[]) => {
      const { rows } = await login.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sql}`, [...parameters]);
      const [{ Plan: plan }] = rows[0]['QUERY PLAN'];
      return plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
    };
    const ids = Array.from({ length: 10 }, (_, n) => id(n + 100));
    const asked: { sql: string; parameters: readonly unknown[] }[] = [];
    const noting = {
      callAsOrganization: async (_of: string, name: string, parameters: readonly unknown[]) => {
        asked.push({ sql: callOf(name, parameters), parameters });
      },
    } as unknown as Database;
    await createPostgresStore(noting)
      .load(loading(organization, { ...wanted('f7'), incidentIds: ids }))
      .catch(() => undefined);
    const { after } = changeOf(id(1), null, [created()]);
    const first = ids.map((incident) => changeOf(incident, after, [noted('a')], everything));
    const changes = first.map(({ change }) => change);
    await commit(noting, organization, changes).catch(() => undefined);
    const plain = ids.map((incident, n) => {
      const request = { principal: 'ada', key: incident, digest: 'ab'.repeat(32) };
      return changeOf(incident, first[n]?.after ?? null, [noted('b')], { request }).change;
    });
    expect(plainOf(plain)).toHaveLength(10);
    await commit(noting, organization, plain).catch(() => undefined);
    expect(asked).toHaveLength(3);
    for (const { sql, parameters } of asked) {
      // One organization has 5,000 rows a table; reading one whole is over 5,000 buffers.
      expect(await buffers(sql, parameters)).toBeLessThan(1_800);
    }
    const [head] = (await login.query('SELECT sequence FROM warroom.ledger_head')).rows;
    expect(Number(head.sequence)).toBe(5_020);
  });

  it('knows its tables from here on', async () => {
    await login.query('RESET ROLE; ANALYZE; SET ROLE warroom_app');
  });

  async function withoutScan(read: () => Promise<unknown>): Promise<void> {
    scans.length = 0;
    await read();
    expect(scans.length).toBeGreaterThan(0);
    for (const scan of scans) expect(scan).toEqual({ sql: scan.sql, scans: [] });
  }

  const range = { from: '2026-11-19T00:00:00.000Z', until: '2026-11-19T01:00:00.000Z' };
  const filters: IncidentFilter[] = [
    {},
    { status: ['REPORTED', 'ACKNOWLEDGED'] },
    { severity: ['SEV1'] },
    { isOpen: true },
    { isOpen: false },
    { acknowledged: false },
    { acknowledged: true },
    { overdue: true },
    { overdue: false },
    { hasNotes: true },
    { hasNotes: false },
    { hasRootCause: true },
    { hasRootCause: false },
    { slaBreached: true },
    { source: ['source7'] },
    { type: ['type7', 'type8'] },
    { environment: ['environment7'] },
    { serviceId: [id(7)] },
    { projectId: [id(7)] },
    { ownerTeamId: [id(7)] },
    { assigneeId: 'user7' },
    { tags: ['tag7'] },
    { tags: ['tag7', 'tag8'] },
    { correlationKey: 'key7' },
    { search: 'checkout' },
    { search: 'INC-007' },
    { mode: 'DRILL' },
    { mode: 'STANDARD' },
    { detectedAt: range },
    { reportedAt: range },
    { endedAt: range },
    { resolvedAt: range },
    { status: ['CLOSED'], severity: ['SEV3'], tags: ['tag7'], search: 'database', isOpen: false },
  ];
  for (const filter of filters) {
    it(`incidents by ${JSON.stringify(filter)}`, async () => {
      await withoutScan(() =>
        incidentPage(scope, filter, { field: 'REPORTED_AT', direction: 'DESC' }, window, now),
      );
    });
  }
  for (const field of incidentOrderFields) {
    for (const direction of ['ASC', 'DESC'] as const) {
      it(`incidents in order of ${field} ${direction}`, async () => {
        await withoutScan(() => incidentPage(scope, {}, { field, direction }, window, now));
        await withoutScan(() => incidentPage(scope, { isOpen: true }, { field, direction }, window, now));
      });
    }
  }

  it.each(listedReads)('%s', (_what, read) => withoutScan(() => read(scope)));

  it('invitations, all and open ones', async () => {
    const after = invitationCursor({ createdAt: now, id: id(9_999) } as InvitationRow);
    for (const open of [true, false]) {
      await withoutScan(() => invitationPage(scope, open, window));
      await withoutScan(() => invitationPage(scope, open, { ...window, after }));
    }
    await withoutScan(() => invitations(scope, [id(7)]));
    await withoutScan(() => members(scope, ['user7']));
    await withoutScan(() => users(scope, ['user7']));
    await withoutScan(() => gateMember(scope, 'User7@example.com'));
    await withoutScan(() => gateStandings(scope, ['user7']));
  });

  it('incidents by one dedup key, and by 500', async () => {
    const keys = Array.from({ length: 500 }, (_, n) => `key${n + 1}`);
    for (const some of [['key7'], keys]) await withoutScan(() => incidentsByDedupKeys(scope, some));
  });

  it('what the write side reads beside its functions', async () => {
    const store = createPostgresStore(database);
    await withoutScan(() => store.entries(organization, 'INCIDENTS', 100, 200));
    await withoutScan(() => store.entryAtVersion(organization, id(7), 1));
    await withoutScan(() => store.plannedUnderOlderPolicy(organization, null));
    await withoutScan(() => statesAt(scope, [{ incidentId: id(20_000), version: 3 }]));
  });

  it('reads under row-level security as much as without it', async () => {
    const buffers = async (sql: string) => {
      const { rows } = await login.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sql}`);
      const [{ Plan: plan }] = rows[0]['QUERY PLAN'];
      return plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
    };
    const sql = `SELECT number FROM warroom.incident_list WHERE organization_id = '${organization}'
      AND status = 'REPORTED' ORDER BY reported_at DESC, number DESC LIMIT 25`;
    const bound = await buffers(sql);
    await login.query('RESET ROLE');
    expect(bound).toBeLessThanOrEqual(1.2 * (await buffers(sql)) + 2);
    await login.query('SET ROLE warroom_app');
  });
});
