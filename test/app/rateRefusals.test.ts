import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRateRefusals } from '../../src/app/rateRefusals.ts';
import type { Principal } from '../../src/domain/access/principal.ts';
import type { Database } from '../../src/store/database.ts';
import { foundOrganization } from '../../src/store/foundOrganization.ts';
import { apiKeys } from '../../src/store/read/apiKeys.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';

const start = '2026-11-20T19:00:00.000Z';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

/** A key of an organization of its own, what is written about it, and a clock that goes on a second at a time. */
async function world(every = 60_000) {
  const [organizationId, apiKeyId] = [v7(), v7()];
  await foundOrganization(database, {
    organizationId,
    slug: `o${organizationId.replaceAll('-', '').slice(-20)}`,
    name: 'Keys',
    at: start,
    commandId: v7(),
    administrator: { userId: 'ada', name: 'Ada', email: 'ada@example.com' },
    key: { apiKeyId, name: 'Key', prefix: 'prefix', hash: apiKeyId.replaceAll('-', '').repeat(2) },
  });
  const made = { writes: 0, isAway: false, second: 0 };
  const counting: Database = {
    ...database,
    async asOrganization(organization, sql, ...more) {
      if (sql.includes('count_rate_limited')) made.writes += 1;
      if (made.isAway) throw new Error('The database is away.');
      return database.asOrganization(organization, sql, ...more);
    },
  };
  const now = () => new Date(Date.parse(start) + 1_000 * ++made.second).toISOString();
  const refusals = createRateRefusals({ database: counting, clock: { now }, every });
  const principal: Principal = {
    organizationId,
    organizationSlug: 'keys',
    actor: { kind: 'INTEGRATION', id: apiKeyId, role: 'MEMBER' },
    scopes: ['INGEST'],
    credentialId: apiKeyId,
  };
  const shown = async () => {
    const [key] = await apiKeys({ database, organizationId }, [apiKeyId]);
    return [key?.rateLimitedCount, key?.lastRateLimitedAt];
  };
  const note = (times: number) => {
    for (let n = 0; n < times; n++) refusals.note(principal);
  };
  return { made, refusals, note, shown, principal };
}

test('the first refusal of a key is shown at once, a thousand more with one write', async () => {
  const { made, refusals, note, shown } = await world();
  expect(await shown()).toEqual([0, null]);
  note(1);
  await expect.poll(shown).toEqual([1, '2026-11-20T19:00:01.000Z']);
  note(1_000);
  expect(made.writes).toBe(1);
  await refusals.stop();
  expect([made.writes, ...(await shown())]).toEqual([2, 1_001, '2026-11-20T19:16:41.000Z']);
});

test('what comes meanwhile is written when its time has come, for all keys of the organization together', async () => {
  const { made, refusals, note, shown, principal } = await world(100);
  note(3);
  for (let n = 0; n < 50; n++) refusals.note({ ...principal, credentialId: v7() });
  await expect.poll(shown).toEqual([3, '2026-11-20T19:00:03.000Z']);
  expect(made.writes).toBe(2);
  // Nothing more comes: nothing more is written, and the next is a first one again.
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(made.writes).toBe(2);
  note(1);
  await expect.poll(shown).toEqual([4, expect.any(String)]);
  await refusals.stop();
});

test('what could not be written is not lost', async () => {
  const { made, refusals, note, shown } = await world(50);
  made.isAway = true;
  note(5);
  await expect.poll(() => made.writes).toBeGreaterThan(1);
  made.isAway = false;
  await expect.poll(shown).toEqual([5, '2026-11-20T19:00:05.000Z']);
  await refusals.stop();
});

test('of more keys than are remembered nothing is counted, until what waits is written', async () => {
  const { made, refusals, note, shown, principal } = await world();
  note(1);
  await expect.poll(shown).toEqual([1, expect.any(String)]);
  for (let n = 0; n < 10_000; n++) refusals.note({ ...principal, credentialId: v7() });
  note(1);
  await refusals.stop();
  expect([made.writes, (await shown())[0]]).toEqual([2, 1]);
});
