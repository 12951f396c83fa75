import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entryHash, firstPreviousHash } from '../../src/store/hash.ts';
import type { Change } from '../../src/store/port.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';
import { changeOf, commit, created, declared, founded, noted, stored } from './founded.ts';

const request = (key: string) => ({ principal: 'ada', key, digest: 'ab'.repeat(32) });

describe('commit', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.drop());

  const rows = (organization: string, sql: string) =>
    database.asOrganization(organization, sql, [organization]);

  it('numbers incidents and entries densely under 32 writers of which some are too late', async () => {
    const organization = await founded(database, 'writers');
    const { id } = await declared(database, organization);
    let committed = 0;
    let conflicts = 0;
    await Promise.all(
      Array.from({ length: 32 }, async (_, writer) => {
        for (let round = 0; round < 5; round += 1) {
          const { state, policyVersion } = await stored(database, organization, id);
          const shared = changeOf(id, { state, policyVersion }, [noted(`${writer} ${round}`)]);
          const own = changeOf(v7(), null, [created()]);
          for (const outcome of await commit(database, organization, [shared.change, own.change])) {
            if (outcome.kind === 'committed') committed += 1;
            else conflicts += 1;
          }
        }
      }),
    );
    const entries = await rows(
      organization,
      `SELECT sequence, number, version FROM warroom.ledger_event
       WHERE organization_id = $1 AND ledger = 0 ORDER BY sequence`,
    );
    expect(entries.map(({ sequence }) => Number(sequence))).toEqual(entries.map((_, index) => index + 1));
    expect(entries.length).toBe(committed + 1);
    expect(conflicts).toBe(320 - committed);
    if (database.mode === 'server') expect(conflicts).toBeGreaterThan(0);
    const numbers = entries.filter(({ version }) => version === 1).map(({ number }) => number);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    expect(numbers.length).toBe(161);
  });

  it('commits two changes that stand together, or neither, whatever else is in the batch', async () => {
    const organization = await founded(database, 'partners');
    const [first, second, third] = [
      await declared(database, organization),
      await declared(database, organization),
      await declared(database, organization),
    ];
    const pair = (key: string, base = second.after): Change[] => [
      { ...changeOf(first.id, first.after, [noted(key)], { request: request(key) }).change, partner: 'NEXT' },
      { ...changeOf(second.id, base, [noted(key)]).change, partner: 'PREVIOUS' },
      changeOf(v7(), null, [created()]).change,
    ];
    // Second but third's version: one that it has not.
    const { after } = changeOf(third.id, third.after, [noted('x')]);
    const kinds = async (changes: Change[]) =>
      (await commit(database, organization, changes)).map(({ kind }) => kind);
    expect(await kinds(pair('late', after))).toEqual(['conflict', 'conflict', 'committed']);
    expect(await kinds(pair('once'))).toEqual(['committed', 'committed', 'committed']);
    expect(await kinds(pair('once'))).toEqual(['replayed', 'conflict', 'committed']);
    const [{ versions } = {}] = await rows(
      organization,
      `SELECT array_agg(version ORDER BY number) AS versions FROM warroom.incident
       WHERE organization_id = $1 AND number <= 3`,
    );
    expect(versions).toEqual([2, 2, 1]);
  });

  it('chains every entry to the one before it, exactly as the twin in TypeScript computes it', async () => {
    const organization = await founded(database, 'chain');
    const first = await declared(database, organization, {
      title: 'Ausfall – „Zahlung“ 💥 \\ "q" \n\t 日本語',
    });
    const second = await declared(database, organization);
    for (const text of [
      'naïve',
      '👩‍🚒'.repeat(50),
      '\u2028\u2029',
      '\\u0041',
      '{"a":1}',
      ' '.repeat(9),
      'ß'.repeat(5_000),
    ]) {
      const changes: Change[] = [];
      for (const incident of [first, second]) {
        const { change, after } = changeOf(incident.id, incident.after, [noted(text), noted(`${text}!`)]);
        Object.assign(incident, { after });
        changes.push(change);
      }
      const outcomes = await commit(database, organization, changes);
      expect(outcomes.map(({ kind }) => kind)).toEqual(['committed', 'committed']);
    }
    for (const ledger of ['INCIDENTS', 'ADMINISTRATION'] as const) {
      const entries = await createPostgresStore(database).entries(organization, ledger, 1, 1_000);
      let previousHash = firstPreviousHash;
      for (const entry of entries) {
        expect(entry.previousHash).toBe(previousHash);
        expect(entry.hash).toBe(entryHash(entry));
        previousHash = entry.hash;
      }
      const [head] = await database.asPlatform(
        `SELECT sequence, encode(hash, 'hex') AS hash FROM warroom.ledger_head
         WHERE organization_id = $1 AND ledger = $2`,
        [organization, ledger === 'INCIDENTS' ? 0 : 1],
      );
      expect(head).toEqual({ sequence: String(entries.length), hash: previousHash });
    }
  });

  it('answers with what the ledger then has', async () => {
    const organization = await founded(database, 'answers');
    const one = changeOf(v7(), null, [created(), noted('a')]);
    const two = changeOf(v7(), null, [created()]);
    const outcomes = await commit(database, organization, [one.change, two.change]);
    const entries = await createPostgresStore(database).entries(organization, 'INCIDENTS', 1, 10);
    expect(outcomes).toEqual([
      { kind: 'committed', number: 1, entries: entries.slice(0, 2).map(linkOf) },
      { kind: 'committed', number: 2, entries: entries.slice(2).map(linkOf) },
    ]);
    expect(entries.map(({ number, version }) => [number, version])).toEqual([
      [1, 1],
      [1, 2],
      [2, 1],
    ]);
  });

  it('lets later changes of a batch build on earlier ones, and fails them together', async () => {
    const organization = await founded(database, 'batch');
    const { id, after } = await declared(database, organization);
    const a = changeOf(id, after, [noted('a')]);
    const b = changeOf(id, a.after, [noted('b'), noted('c')]);
    const other = changeOf(v7(), null, [created()]);
    const outcomes = await commit(database, organization, [
      { ...a.change, incident: null, deadlines: null },
      other.change,
      b.change,
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['committed', 'committed', 'committed']);
    const record = await stored(database, organization, id);
    expect([record.state, record.sequence]).toEqual([b.after.state, 5]);

    const stale = await commit(database, organization, [a.change, other.change, b.change]);
    expect(stale.map(({ kind }) => kind)).toEqual(['conflict', 'conflict', 'conflict']);
    // Decided on a change that is not committed: not even where the version happens to fit.
    const c = changeOf(id, b.after, [noted('d')]);
    expect((await commit(database, organization, [a.change, c.change])).map(({ kind }) => kind)).toEqual([
      'conflict',
      'conflict',
    ]);
    expect(await commit(database, organization, [c.change])).toMatchObject([{ kind: 'committed' }]);
  });

  it('does not commit a change whose state was to come with a later one that is not committed', async () => {
    const organization = await founded(database, 'carried');
    const { id, after } = await declared(database, organization);
    const answered = changeOf(id, after, [noted('a')], { request: request('k') });
    await commit(database, organization, [answered.change]);
    const next = changeOf(id, answered.after, [noted('b')]);
    const last = changeOf(id, next.after, [noted('c')], { request: request('k') });
    const outcomes = await commit(database, organization, [{ ...next.change, incident: null }, last.change]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['conflict', 'replayed']);
    expect((await stored(database, organization, id)).state).toEqual(answered.after.state);
  });

  it('decides an idempotency key once, also between sessions and within a batch', async () => {
    const organization = await founded(database, 'idempotent');
    const outcomes = await Promise.all(
      Array.from({ length: 16 }, () =>
        commit(database, organization, [
          changeOf(v7(), null, [created()], { request: request('same') }).change,
        ]),
      ),
    );
    const kinds = outcomes.map(([outcome]) => outcome?.kind);
    expect(kinds.filter((kind) => kind === 'committed')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'replayed')).toHaveLength(15);
    const replayed = outcomes.flat().find(({ kind }) => kind === 'replayed');
    expect(replayed).toMatchObject({
      request: { ...request('same'), ledger: 'INCIDENTS', firstSequence: 1, lastSequence: 1 },
    });
    const twins = await commit(database, organization, [
      changeOf(v7(), null, [created(), noted('a')], { request: request('twin') }).change,
      changeOf(v7(), null, [created()], { request: request('twin') }).change,
    ]);
    expect(twins).toMatchObject([
      { kind: 'committed' },
      { kind: 'replayed', request: { firstSequence: 2, lastSequence: 3 } },
    ]);
  });

  it('keeps the answer to a request that changed nothing', async () => {
    const organization = await founded(database, 'nothing');
    const { id, after } = await declared(database, organization);
    const { change } = changeOf(id, after, []);
    const nothing = { ...change, incident: null, deadlines: null, request: request('nothing') };
    expect(await commit(database, organization, [nothing])).toEqual([
      { kind: 'committed', number: 1, entries: [] },
    ]);
    expect(await commit(database, organization, [nothing])).toMatchObject([
      { kind: 'replayed', request: { incidentId: id, firstSequence: null, lastSequence: null } },
    ]);
  });
});

function linkOf({ sequence, previousHash, hash }: { sequence: number; previousHash: string; hash: string }) {
  return { sequence, previousHash, hash };
}
