import { createHash } from 'node:crypto';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createGuessing } from '../../src/app/guessing.ts';
import { createApiKeyCredentials } from '../../src/server/apiKeyCredential.ts';
import type { Database } from '../../src/store/database.ts';
import { foundOrganization } from '../../src/store/foundOrganization.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';

const secret = 'a-secret-of-this-test-0123456789';
const organizationId = v7();
const start = '2026-11-20T19:00:00.000Z';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  const hash = createHash('sha256').update(secret).digest('hex');
  await foundOrganization(database, {
    organizationId,
    slug: 'keys',
    name: 'Keys',
    at: start,
    commandId: v7(),
    administrator: { userId: 'ada', name: 'Ada', email: 'ada@example.com' },
    key: { apiKeyId: v7(), name: 'First key', prefix: secret.slice(0, 8), hash },
  });
});
afterAll(async () => {
  vi.restoreAllMocks();
  await database.drop();
});

async function lastUsed(): Promise<unknown> {
  const [row] = await database.asOrganization(organizationId, 'select last_used_at from warroom.api_key');
  return row?.last_used_at;
}

test('a key that is used says so, written at most once a minute however often that is', async () => {
  // What is remembered is remembered by this clock, which stands until it is moved; at 0 nothing would be forgotten.
  let elapsed = 1_000;
  vi.spyOn(performance, 'now').mockImplementation(() => elapsed);
  let touches = 0;
  const counting: Database = {
    ...database,
    asOrganization(organization, sql, ...more) {
      if (sql.includes('touch_key')) touches += 1;
      return database.asOrganization(organization, sql, ...more);
    },
  };
  let now = start;
  /** The cache looks at the clock at most once a millisecond, by a timer of its own. */
  const move = async (milliseconds: number, at: string) => {
    elapsed += milliseconds;
    now = at;
    await new Promise((wake) => setTimeout(wake, 20));
  };
  const { apiKey } = createApiKeyCredentials({
    database: counting,
    clock: { now: () => now },
    guessing: createGuessing(),
  });
  const use = async (times: number) => {
    const found = await Promise.all(Array.from({ length: times }, () => apiKey(secret, '192.0.2.1')));
    for (const credential of found) expect(credential).not.toBeNull();
  };
  expect(await lastUsed()).toBeNull();
  await use(50);
  await expect.poll(lastUsed).toBe(start);
  await move(59_000, '2026-11-20T19:00:59.000Z');
  await use(50);
  expect(touches).toBe(1);
  await move(2_000, '2026-11-20T19:01:01.000Z');
  await use(50);
  await expect.poll(lastUsed).toBe(now);
  expect(touches).toBe(2);
});
