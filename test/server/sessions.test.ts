import { get } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Person } from '../../src/app/identity.ts';
import { type Browser, createBrowser } from '../support/browser.ts';
import { post } from '../support/graphqlClient.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';

// A person's own sessions and organizations in the API.

let serving: Serving;
let browser: Browser;
let admin: Person;

const fields = 'id isCurrent signedInBy ipAddress userAgent createdAt lastUsedAt expiresAt';
interface SessionAnswer {
  readonly id: string;
  readonly isCurrent: boolean;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  readonly expiresAt: string;
}
const signedIn = async (): Promise<Browser> => {
  const fresh = createBrowser(serving.url);
  const token = new URL(await serving.identity.signInLink(admin.userId)).searchParams.get('token') ?? '';
  await fresh.open('/sign-in', { token }, { 'user-agent': 'A browser' });
  return fresh;
};
const sessionsOf = async (as: Browser) => {
  const { data } = await as.post<{ viewer: { sessions: SessionAnswer[] } }>(
    `{ viewer { sessions { ${fields} } } }`,
  );
  return data?.viewer.sessions ?? [];
};
const revoke = async (as: Browser, name: string, input: string) => {
  const { data } = await as.post<
    Record<string, { revoked: number; sessions: SessionAnswer[]; code?: string }>
  >(
    `mutation { ${name}(input: ${input}) {
      ... on ${name.charAt(0).toUpperCase()}${name.slice(1)}Payload { revoked sessions { id isCurrent } }
      ... on UserError { code message } } }`,
  );
  return data?.[name];
};
const isIn = async (as: Browser) => (await as.post('{ __typename }')).status === 200;

beforeAll(async () => {
  serving = await startServing();
  const found = await serving.identity.personByEmail('administrator@localhost');
  if (found === null) throw new Error('There is no administrator.');
  admin = found;
});
afterAll(() => serving?.stop());
beforeEach(async () => {
  await serving.identity.endOtherSessions(admin.userId, null);
  browser = await signedIn();
});

describe('viewer.sessions', () => {
  test('names every browser of the person, and the one they ask with', async () => {
    const phone = await signedIn();
    const sessions = await sessionsOf(phone);
    expect(sessions).toHaveLength(2);
    expect(sessions.filter(({ isCurrent }) => isCurrent)).toHaveLength(1);
    expect(sessions[0]).toMatchObject({
      isCurrent: true,
      signedInBy: 'LINK',
      ipAddress: '127.0.0.1',
      userAgent: 'A browser',
    });
    const { createdAt, expiresAt } = sessions[0] as SessionAnswer;
    expect((Date.parse(expiresAt) - Date.parse(createdAt)) / 86_400_000).toBeCloseTo(7, 2);
  });

  test('ends later for being used, and at most thirty days after it began', async () => {
    await serving.database.asIdentity(
      `UPDATE warroom.sessions SET "createdAt" = "createdAt" - interval '28 days',
         "expiresAt" = "expiresAt" - interval '28 days', "updatedAt" = "updatedAt" - interval '6 days'`,
    );
    const again = await endsInDays();
    expect(again).toBeLessThan(2.01);
    expect(again).toBeGreaterThan(1.5);
  });

  test('is empty for a key, which has one organization', async () => {
    const { data } = await post(
      serving.url,
      servingKey,
      '{ viewer { sessions { id } organizations { slug name role } } }',
    );
    expect(data).toEqual({
      viewer: { sessions: [], organizations: [{ slug: 'default', name: 'Default', role: 'ORG_ADMIN' }] },
    });
  });
});

/** Uses the session, and answers in how many days it ends from now. */
async function endsInDays(): Promise<number> {
  await isIn(browser);
  // What is read was written behind it: using it moves the end.
  for (let tries = 0; tries < 50; tries += 1) {
    const [session] = await serving.identity.sessions(admin.userId);
    const sinceUse = Date.now() - Date.parse(session?.lastUsedAt ?? '');
    if (sinceUse < 60_000) return (Date.parse(session?.expiresAt ?? '') - Date.now()) / 86_400_000;
    await new Promise((wake) => setTimeout(wake, 100));
  }
  throw new Error('The use was not noted.');
}

describe('revokeSession', () => {
  test('signs one browser out, once: a repeat answers the same, and the key does nothing else', async () => {
    const phone = await signedIn();
    const other = (await sessionsOf(browser)).find(({ isCurrent }) => !isCurrent)?.id ?? '';
    const input = `{ sessionId: "${other}", idempotencyKey: "once" }`;
    expect(await revoke(browser, 'revokeSession', input)).toMatchObject({
      revoked: 1,
      sessions: [{ isCurrent: true }],
    });
    expect([await isIn(phone), await isIn(browser)]).toEqual([false, true]);
    const third = await signedIn();
    expect(await revoke(browser, 'revokeSession', input)).toMatchObject({ revoked: 1 });
    const another = (await sessionsOf(browser)).find(({ isCurrent }) => !isCurrent)?.id ?? '';
    const reused = { code: 'IDEMPOTENCY_KEY_REUSED' };
    expect(
      await revoke(browser, 'revokeSession', `{ sessionId: "${another}", idempotencyKey: "once" }`),
    ).toMatchObject(reused);
    expect(await revoke(browser, 'revokeOtherSessions', '{ idempotencyKey: "once" }')).toMatchObject(reused);
    expect(await isIn(third)).toBe(true);
    expect(await revoke(browser, 'revokeSession', `{ sessionId: "${other}" }`)).toMatchObject({ revoked: 0 });
  });

  test('sent many times at once, ends one and says so each time', async () => {
    await signedIn();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        revoke(browser, 'revokeOtherSessions', '{ idempotencyKey: "at once" }'),
      ),
    );
    expect(answers.map((answer) => answer?.revoked)).toEqual(Array(5).fill(1));
  });

  test('that was noted before the process died is carried out by the repeat', async () => {
    await signedIn();
    const key = { key: 'noted', digest: 'a digest' };
    await serving.database.asIdentity(
      'INSERT INTO warroom.session_requests ("userId", key, digest, at) VALUES ($1, $2, $3, $4)',
      [admin.userId, key.key, key.digest, serving.clock.now()],
    );
    const ended = () => serving.identity.endSessionsOnce(admin.userId, { but: null }, key);
    expect([await ended(), await ended()]).toEqual([2, 2]);
    await serving.database.asIdentity(`UPDATE warroom.session_requests SET at = at - interval '8 days'`);
    await serving.identity.sweep();
    expect(await serving.database.asIdentity('SELECT 1 FROM warroom.session_requests')).toEqual([]);
  });

  test("ends nobody else's: it reads the same as one that is not there", async () => {
    const eve = await serving.identity.createPerson({
      name: 'Eve',
      email: 'eve@example.com',
      emailVerified: true,
      password: 'correct horse battery',
    });
    const hers = createBrowser(serving.url);
    await hers.open('/sign-in', { email: 'eve@example.com', password: 'correct horse battery' });
    const [session] = await serving.identity.sessions(eve?.userId ?? '');
    for (const id of [session?.id ?? '', '00000000-0000-7000-8000-000000000000', 'nothing']) {
      const encoded = Buffer.from(`Session:${id}`).toString('base64');
      expect(await revoke(browser, 'revokeSession', `{ sessionId: "${encoded}" }`)).toMatchObject({
        revoked: 0,
      });
    }
    expect(await serving.identity.sessions(eve?.userId ?? '')).toHaveLength(1);
  });

  test('is not for a key, and refuses what is no idempotency key', async () => {
    const { data } = await post(
      serving.url,
      servingKey,
      'mutation { revokeSession(input: { sessionId: "x" }) { ... on UserError { code } } }',
    );
    expect(data).toEqual({ revokeSession: { code: 'FORBIDDEN' } });
    expect(await revoke(browser, 'revokeSession', '{ sessionId: "x", idempotencyKey: "" }')).toMatchObject({
      code: 'VALIDATION_FAILED',
    });
  });
});

describe('revokeOtherSessions', () => {
  test('signs every other browser out', async () => {
    const others = [await signedIn(), await signedIn()];
    expect(await revoke(browser, 'revokeOtherSessions', '{}')).toMatchObject({
      revoked: 2,
      sessions: [{ isCurrent: true }],
    });
    expect(await Promise.all([browser, ...others].map(isIn))).toEqual([true, false, false]);
  });
});

describe('what is over is swept', () => {
  test('sessions and links that hold no more, and no others', async () => {
    await serving.identity.signInLink(admin.userId);
    await signedIn();
    await serving.database.asIdentity(
      `UPDATE warroom.sessions SET "updatedAt" = now() - interval '8 days'
       WHERE id = (SELECT id FROM warroom.sessions ORDER BY id LIMIT 1)`,
    );
    await serving.database.asIdentity(
      `INSERT INTO warroom.verifications (id, identifier, value, "expiresAt", "createdAt", "updatedAt")
       VALUES ('old', 'old', 'old', now() - interval '1 second', now(), now())`,
    );
    const count = async (table: string) =>
      (await serving.database.asIdentity<{ count: number }>(`SELECT count(*)::int FROM warroom.${table}`))[0]
        ?.count;
    const before = [await count('sessions'), await count('verifications')];
    await serving.identity.sweep();
    expect([await count('sessions'), await count('verifications')]).toEqual(
      before.map((one) => (one ?? 0) - 1),
    );
  });
});

test('an address that is none is not found, and no failure of ours', async () => {
  const { hostname, port } = new URL(serving.url);
  const status = await new Promise((resolve, reject) => {
    get({ hostname, port, path: '//' }, (response) => resolve(response.resume().statusCode)).on(
      'error',
      reject,
    );
  });
  expect(status).toBe(404);
});
