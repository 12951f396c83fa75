import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { IncidentFact } from '../../src/domain/incident/events.ts';
import type { IncidentRecord } from '../../src/domain/incident/state.ts';
import { plusMilliseconds } from '../../src/domain/instant.ts';
import { foundOrganization } from '../../src/store/foundOrganization.ts';
import type { WriteStore } from '../../src/store/port.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { statesAt } from '../../src/store/read/statesAt.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';
import {
  type Before,
  changeOf,
  commit,
  created,
  declared,
  founded,
  ingested,
  loading,
  start,
} from './founded.ts';

describe('the store over PostgreSQL', () => {
  let database: TestDatabase;
  let store: WriteStore;
  let organization: string;
  let organizations = 0;
  beforeAll(async () => {
    database = await openTestDatabase();
    store = createPostgresStore(database);
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    organizations += 1;
    organization = await founded(database, `store-${organizations}`);
  });

  it('answers the state right after any version, from snapshots and at most 31 events', async () => {
    const { id, after } = await declared(database, organization);
    const history: Before[] = [after];
    for (let version = 2; version <= 70; version += 1) {
      const before = history.at(-1) as Before;
      const fact: IncidentFact =
        version % 3 === 0
          ? { type: 'INCIDENT_TAG_ADDED', payload: { tag: `t${version}` } }
          : {
              type: 'INCIDENT_NOTES_EDITED',
              payload: { notesVersion: version, offset: 0, deleted: 0, inserted: 'ä' },
            };
      const { change, after: next } = changeOf(id, before, [fact]);
      await commit(database, organization, [change]);
      history.push(next);
    }
    const [counted] = await database.asOrganization(
      organization,
      'SELECT array_agg(version ORDER BY version) AS versions FROM warroom.incident_snapshot WHERE incident_id = $1',
      [id],
    );
    expect(counted?.versions).toEqual([32, 64]);
    const versions = [70, 1, 31, 32, 33, 64, 65, 32];
    const scope = { database, organizationId: organization };
    const asked = [...versions, 71, 0].map((version) => ({ incidentId: id, version }));
    const records = (await statesAt(scope, asked)) as (IncidentRecord | null)[];
    expect(records.map((record) => record?.state ?? null)).toEqual([
      ...versions.map((version) => history[version - 1]?.state),
      null,
      null,
    ]);
    expect(records.map((record) => record?.sequence)).toEqual([...versions, undefined, undefined]);
  });

  it('finds incidents by words of title and description, of this organization only', async () => {
    const other = await founded(database, `elsewhere-${organizations}`);
    await declared(database, other, { title: 'Database is down' });
    const { id, after } = await declared(database, organization, {
      title: 'Database is down',
      description: 'since noon',
    });
    const second = await declared(database, organization, {
      title: "Can't connect",
      description: 'database',
    });
    const search = async (words: string) => {
      const rows = await database.asOrganization<{ id: string }>(
        organization,
        'SELECT warroom.search_incidents($1, $2) AS id',
        [organization, words],
      );
      return rows.map((row) => row.id);
    };
    expect(await search('DATABASE')).toEqual([second.id, id]);
    expect(await search('data noon')).toEqual([id]);
    expect(await search('"is down"')).toEqual([id]);
    expect(await search('database -noon')).toEqual([second.id]);
    for (const nothing of ['nowhere', '', '!', `'`, ':*', '\\', other])
      expect(await search(nothing)).toEqual([]);
    expect(await search("can't")).toEqual([second.id]);
    const renamed = changeOf(id, after, [
      { type: 'INCIDENT_UPDATED', payload: { changes: { title: 'Queue is full' } } },
    ]);
    await commit(database, organization, [renamed.change]);
    expect(await search('queue')).toEqual([id]);
    expect(await search('down')).toEqual([]);
    expect(await search('noon')).toEqual([id]);
  });

  it('counts repeats of signals without an event', async () => {
    const id = v7();
    const signalId = v7();
    const { change } = changeOf(id, null, [created(), ingested({ signalId, fingerprint: 'f' })]);
    const repeat = { id: signalId, count: 1, last_seen_at: plusMilliseconds(start, 5_000) };
    await commit(database, organization, [
      { ...change, rows: { ...change.rows, signal_repeat: [repeat, repeat] } },
    ]);
    await database.asOrganization(organization, 'SELECT warroom.touch_signals($1, $2)', [
      organization,
      JSON.stringify([repeat, { ...repeat, last_seen_at: start }]),
    ]);
    const rows = await database.asOrganization(
      organization,
      'SELECT count, last_seen_at FROM warroom.signal',
    );
    expect(rows).toEqual([{ count: 5, last_seen_at: repeat.last_seen_at }]);
  });

  it('sweeps answers to idempotency keys by age', async () => {
    const request = { principal: 'ada', key: v7(), digest: 'ab'.repeat(32) };
    await commit(database, organization, [changeOf(v7(), null, [created()], { request }).change]);
    const sweep = async (before: string) => {
      const [row] = await database.asPlatform('SELECT warroom.sweep_requests($1, 1000) AS swept', [before]);
      return row?.swept;
    };
    expect(await sweep(start)).toBe(0);
    expect(await sweep(plusMilliseconds(start, 1))).toBeGreaterThan(0);
    const { requests } = await store.load(loading(organization, { requests: [request] }));
    expect(requests).toEqual([]);
  });

  it('founds two organizations of one new person at once: both find the same', async () => {
    const address = `both-${organizations}@example.com`;
    const slugs = ['left', 'right'].map((side) => `${side}-${organizations}`);
    const tries = await Promise.all(
      slugs.map((slug) =>
        foundOrganization(database, {
          organizationId: v7(),
          slug,
          name: slug,
          at: start,
          commandId: v7(),
          administrator: { userId: `maker of ${slug}`, name: 'Both', email: address },
          key: null,
        }),
      ),
    );
    expect(tries[0]?.administratorId).toMatch(/^maker of /);
    expect(tries[1]).toEqual(tries[0]);
    const members = await database.asPlatform(
      `SELECT o.slug, m.user_id FROM warroom.membership m JOIN warroom.organization o USING (organization_id)
       WHERE o.slug = ANY($1) ORDER BY 1`,
      [slugs],
    );
    expect(members).toEqual(slugs.map((slug) => ({ slug, user_id: tries[0]?.administratorId })));
  });

  it('makes nobody when the slug is taken', async () => {
    await founded(database, `taken-${organizations}`);
    const administrator = { userId: 'late', name: 'Late', email: 'late@example.com' };
    const founding = { organizationId: v7(), slug: `taken-${organizations}`, name: 'Taken', at: start };
    expect(
      await foundOrganization(database, { ...founding, commandId: v7(), administrator, key: null }),
    ).toBeNull();
    expect(
      await database.asIdentity('SELECT id FROM warroom.users WHERE email = $1', [administrator.email]),
    ).toEqual([]);
  });

  it('founds an organization once, however many try', async () => {
    const slug = `raced-${organizations}`;
    const tries = await Promise.all(
      [1, 2, 3, 4].map(async (n) =>
        foundOrganization(database, {
          organizationId: v7(),
          slug,
          name: 'Raced',
          at: start,
          commandId: v7(),
          administrator: { userId: 'ada', name: 'Ada', email: 'ada@example.com' },
          key: {
            apiKeyId: v7(),
            name: 'first',
            prefix: 'wr_12345678',
            hash: `${n}${organizations % 10}`.repeat(32),
          },
        }),
      ),
    );
    expect(tries.filter(Boolean)).toHaveLength(1);
    const keys = await database.asPlatform(
      `SELECT k.name, k.role, k.scopes, k.created_by_kind AS by FROM warroom.api_key k
       JOIN warroom.organization o USING (organization_id) WHERE o.slug = $1`,
      [slug],
    );
    expect(keys).toEqual([
      { name: 'first', role: 'ORG_ADMIN', scopes: ['READ', 'RESPOND', 'ADMIN'], by: 'SYSTEM' },
    ]);
  });
});
