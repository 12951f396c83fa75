import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEntries } from '../../src/feed/readEntries.ts';
import type { Database, Row } from '../../src/store/database.ts';
import { id, now, openLogin, organization } from '../store/bigTables.ts';

/** A statement of the feed's, by the name its plan is kept under. */
interface Asked {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** PostgreSQL types of the parameters of the two. */
const types: Readonly<Record<string, string>> = {
  'feed-page': 'uuid, smallint, bigint, int',
  'feed-states': 'uuid, uuid[], int[], smallint',
};

/** An organization with 5,000 incidents of two events each, every one with a snapshot. */
const filling = `
  SET search_path = warroom;
  INSERT INTO organization VALUES ('${organization}', 'o', 'O', '${now}');
  INSERT INTO ledger_event
    SELECT '${organization}', 0, (v - 1) * 5000 + i, i, ('01900000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, v,
      'INCIDENT_NOTE_ADDED', '${organization}', '${now}', false, 'SEV3', decode(repeat('00', 32), 'hex'),
      decode(repeat('00', 32), 'hex'), '{}'
    FROM generate_series(1, 5000) i, generate_series(1, 2) v;
  INSERT INTO incident SELECT '${organization}', incident_id, number, 2, sequence, 1, 1, '{}'
    FROM ledger_event WHERE version = 1;
  INSERT INTO incident_snapshot
    SELECT '${organization}', incident_id, 1, sequence, 1, at, 1, '{}' FROM ledger_event WHERE version = 1;
  RESET search_path;`;

describe('statements of the feed whose plans are kept', () => {
  let login: Awaited<ReturnType<typeof openLogin>>['login'];
  let stop: () => Promise<unknown>;
  const asked = new Map<string, Asked>();

  beforeAll(async () => {
    ({ login, stop } = await openLogin());
    // One page of incidents at their second version, so that both statements are asked.
    const noting = {
      async asOrganization(_of: string, sql: string, parameters: readonly unknown[], name = '') {
        asked.set(name, { sql, parameters });
        return name === 'feed-page' ? rows() : ([] as Row[]);
      },
    } as unknown as Database;
    await readEntries(noting, {
      organizationId: organization,
      ledger: 'INCIDENTS',
      after: 9_000,
      limit: 10,
      states: () => null,
    }).catch(() => undefined);
  });
  afterAll(async () => {
    await login.end();
    await stop();
  });

  it('go by the key, though they were made when the tables were empty', async () => {
    expect([...asked.keys()].sort()).toEqual(['feed-page', 'feed-states']);
    await login.query('SET plan_cache_mode = force_generic_plan');
    const act = `SET ROLE warroom_app; SET warroom.organization = '${organization}'`;
    await login.query(act);
    const nameOf = (name: string) => name.replace('-', '_');
    for (const [name, { sql }] of asked) {
      await login.query(`PREPARE ${nameOf(name)} (${types[name]}) AS ${sql}`);
      await login.query(executing(name));
    }
    await login.query(`RESET ROLE; ${filling}`);
    await login.query(act);
    for (const name of asked.keys()) {
      const { rows } = await login.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${executing(name)}`);
      const [{ Plan: plan }] = rows[0]['QUERY PLAN'];
      // The organization has 10,000 events; ten by their keys are a few pages each.
      expect(plan['Shared Hit Blocks'] + plan['Shared Read Blocks'], name).toBeLessThan(150);
    }
  });

  const executing = (name: string) =>
    `EXECUTE ${name.replace('-', '_')} (${asked.get(name)?.parameters.map(literal).join(', ')})`;
});

function literal(value: unknown): string {
  if (Array.isArray(value)) return `'{${value.join(',')}}'`;
  return typeof value === 'number' ? String(value) : `'${String(value)}'`;
}

/** Ten entries as the database gives them. */
function rows(): Row[] {
  return Array.from({ length: 10 }, (_, n) => ({
    sequence: String(9_001 + n),
    incident_id: id(4_001 + n),
    version: 2,
    body: '{}',
    bytes: '2',
  }));
}
