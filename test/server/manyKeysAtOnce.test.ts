import { createHash } from 'node:crypto';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGuessing } from '../../src/app/guessing.ts';
import { createHandle } from '../../src/app/handle.ts';
import { TooManyGuessesError } from '../../src/app/tooManyGuesses.ts';
import { createApiKeyCredentials } from '../../src/server/apiKeyCredential.ts';
import { foundOrganization } from '../../src/store/foundOrganization.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';

const office = '192.0.2.7';
const keys = 400;
const keyOf = (n: number) => `key-of-this-test-${`${n}`.padStart(8, '0')}`;
const madeOf = (n: number) => ({
  apiKeyId: v7(),
  prefix: keyOf(n).slice(0, 8),
  hash: createHash('sha256').update(keyOf(n)).digest('hex'),
});
const clock = { now: () => '2026-11-20T19:00:00.000Z' };

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  const organizationId = v7();
  await foundOrganization(database, {
    organizationId,
    slug: 'keys',
    name: 'Keys',
    at: clock.now(),
    commandId: v7(),
    administrator: { userId: 'ada', name: 'Ada', email: 'ada@example.com' },
    key: { name: 'Key 0', ...madeOf(0) },
  });
  const inbox = { committed: () => {}, ring: () => {} };
  const log = { warn: () => {}, error: () => {} };
  const handle = createHandle({ store: createPostgresStore(database), clock, inbox, log });
  for (let n = 1; n < keys; n += 1) {
    const input = { name: `Key ${n}`, role: 'MEMBER', scopes: ['READ'], expiresAt: null, made: madeOf(n) };
    const answer = await handle({
      organizationId,
      actor: { kind: 'USER', id: 'ada', role: 'ORG_ADMIN' },
      target: { by: 'administration' },
      command: { name: 'createApiKey', input } as never,
    });
    if (answer.kind !== 'done') throw new Error(answer.refusal.message);
  }
}, 60_000);
afterAll(() => database.drop());

/** A server that has just been started: it remembers nobody. */
const restarted = () => createApiKeyCredentials({ database, clock, guessing: createGuessing(() => 1_000) });

const outcomesOf = async (answers: readonly Promise<unknown>[]) => {
  const settled = await Promise.allSettled(answers);
  return {
    right: settled.filter((one) => one.status === 'fulfilled' && one.value !== null).length,
    wrong: settled.filter((one) => one.status === 'fulfilled' && one.value === null).length,
    refused: settled.filter((one) => one.status === 'rejected' && one.reason instanceof TooManyGuessesError)
      .length,
  };
};

// After a restart nobody is known to be right, and all come back at once: from behind one address, it may be.
test('many connections of one key at once are all let in', async () => {
  const { apiKey } = restarted();
  const answers = Array.from({ length: 1_000 }, () => apiKey(keyOf(0), office));
  expect(await outcomesOf(answers)).toEqual({ right: 1_000, wrong: 0, refused: 0 });
});

test('many keys at once from one address are all let in', async () => {
  const { apiKey } = restarted();
  const answers = Array.from({ length: keys }, (_, n) => apiKey(keyOf(n), office));
  expect(await outcomesOf(answers)).toEqual({ right: keys, wrong: 0, refused: 0 });
});

test('of many guesses at once from one address 300 are looked at', async () => {
  const { apiKey } = restarted();
  const answers = Array.from({ length: 500 }, (_, n) => apiKey(`guess-${keyOf(n)}`, office));
  expect(await outcomesOf(answers)).toEqual({ right: 0, wrong: 300, refused: 200 });
  // A right one from there waits as well, and a wrong one once more is one more.
  await expect(apiKey(keyOf(0), office)).rejects.toBeInstanceOf(TooManyGuessesError);
  await expect(apiKey(`guess-${keyOf(0)}`, office)).rejects.toBeInstanceOf(TooManyGuessesError);
});
