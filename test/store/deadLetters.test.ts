import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDeadLetters } from '../../src/app/deadLetters.ts';
import { idOf } from '../../src/graphql/globalId.ts';
import { keepDeadLetter } from '../../src/store/deadLetters.ts';
import { deadLetterBodies, deadLetterPage } from '../../src/store/read/deadLetters.ts';
import { mutate } from '../support/mutate.ts';
import { openTestApi, type TestApi, type TestOrganization } from '../support/testApi.ts';

let api: TestApi;
let here: TestOrganization;
let apiKeyId = '';

beforeAll(async () => {
  api = await openTestApi();
  here = await api.found('here');
  const key = { name: 'a key', role: 'MEMBER', scopes: ['INGEST'] };
  const answer = await mutate(api, here.user('ORG_ADMIN'), 'createApiKey', key);
  apiKeyId = idOf('ApiKey', (answer.apiKey as { id: string }).id) ?? '';
});
afterAll(() => api?.close());

const digestOf = (number: number) => number.toString(16).padStart(64, '0');

function keep(number: number, most: { letters: number; bytes: number }, bytes = 10): Promise<void> {
  const at = new Date(Date.UTC(2026, 10, 20) + number * 1_000).toISOString();
  const body = Buffer.alloc(bytes, 120);
  const delivery = { id: v7(), apiKeyId, format: 'json', body, digest: digestOf(number), at };
  const letter = { reason: 'No.', problems: [], notReplayable: null, declaredBytes: null };
  const { organizationId } = here;
  return keepDeadLetter(api.database, organizationId, { ...delivery, ...letter }, most);
}

async function kept() {
  const scope = { database: api.database, organizationId: here.organizationId };
  const window = { size: 100, backward: false, after: null, before: null };
  return (await deadLetterPage(scope, { apiKeyId: null, format: null }, window)).items;
}

test('the newest are kept, as many as there is room for', async () => {
  for (let number = 0; number < 30; number++) await keep(number, { letters: 10, bytes: 1_000_000 });
  const seconds = (await kept()).map(({ lastReceivedAt }) => new Date(lastReceivedAt).getUTCSeconds());
  expect(seconds).toEqual([29, 28, 27, 26, 25, 24, 23, 22, 21, 20]);
});

test('and as many bytes', async () => {
  for (let number = 60; number < 70; number++) await keep(number, { letters: 100, bytes: 4_000 }, 1_000);
  expect(await kept()).toHaveLength(4);
});

test('many at once lose none but the oldest', async () => {
  const numbers = Array.from({ length: 40 }, (_, index) => 100 + index);
  await Promise.all(numbers.map((number) => keep(number, { letters: 40, bytes: 1_000_000 })));
  expect(await kept()).toHaveLength(40);
});

test('the same again is counted, and moves to the front', async () => {
  await keep(100, { letters: 40, bytes: 1_000_000 });
  const letters = await kept();
  expect(letters.find(({ count }) => count === 2)).toBeDefined();
  const scope = { database: api.database, organizationId: here.organizationId };
  const ids = letters.slice(0, 2).map(({ id }) => id);
  const bodies = await deadLetterBodies(scope, [...ids, v7()]);
  expect(bodies.map((body) => body?.length ?? null)).toEqual([10, 10, null]);
});

test('whatever names the body has, it is kept, and refused again, for a reason that repeats them', async () => {
  const odd = `\u0000 \ud800 ${'x'.repeat(960)}😀${'x'.repeat(2_000)}`;
  const refusal = { reason: odd, problems: [{ path: [odd], message: odd }] };
  const letters = createDeadLetters({
    database: api.database,
    clock: api.clock,
    tryAgain: async () => ({ kind: 'refused', ...refusal }),
  });
  const sender = { ...here.key('MEMBER', ['INGEST']), credentialId: apiKeyId };
  const body = Buffer.from('{"odd":1}');
  await letters.keep(sender, { format: 'odd', body, ...refusal });
  const scope = { database: api.database, organizationId: here.organizationId };
  const window = { size: 100, backward: false, after: null, before: null };
  const odds = async () => (await deadLetterPage(scope, { apiKeyId: null, format: 'odd' }, window)).items;
  const [letter] = await odds();
  const kept = { reason: expect.stringMatching(/^ {4}x{960}.*…$/u), problems: [{ path: [letter?.reason] }] };
  expect(letter).toMatchObject(kept);
  expect(letter?.reason.length).toBeLessThanOrEqual(1_000);
  const replayed = await letters.replay(here.organizationId, letter?.id ?? '');
  expect(replayed).toMatchObject({ outcome: 'refused', deadLetter: kept });
});
