import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createGuessing } from '../../src/app/guessing.ts';
import type { Mail, Person } from '../../src/app/identity.ts';
import { createIdentity, type IdentityRoom } from '../../src/identity/createIdentity.ts';
import type { PageReply } from '../../src/identity/pages/page.ts';
import { setOwnDetails } from '../../src/store/identity/passwordRows.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';

// What is under way while a password becomes another one.

let database: TestDatabase;
let identity: IdentityRoom;
let ada: Person;
let mails: Mail[] = [];
let people = 0;
/** Awaited before a session is written. */
let beforeSession: () => Promise<void> = async () => undefined;
const password = 'correct horse battery';
const better = 'another long password';
const clock = { now: () => new Date().toISOString() };

function send(path: string, form: Record<string, string>): Promise<PageReply> {
  const request = {
    method: 'POST',
    path,
    query: new URLSearchParams(),
    cookie: undefined,
    userAgent: 'A browser',
  };
  return identity.pages.answer({ ...request, form: new URLSearchParams(form), address: '127.0.0.1' });
}

const resetToken = async (): Promise<string> => {
  await send('/reset-password', { email: ada.email });
  await expect.poll(() => mails.length).toBe(1);
  return /token=(\S+)/.exec(mails[0]?.text ?? '')?.[1] ?? '';
};

beforeAll(async () => {
  database = await openTestDatabase();
  identity = await createIdentity({
    database: {
      async asIdentity(sql, parameters) {
        if (sql.startsWith('INSERT INTO warroom.sessions')) await beforeSession();
        return database.asIdentity(sql, parameters);
      },
    },
    clock,
    guessing: createGuessing(),
    publicUrl: () => 'http://localhost',
    organizationsOf: async () => [],
    superadmins: { is: async () => false, find: async () => [], exists: async () => false },
    invitations: { describe: async () => null, accept: async () => null },
    sendMail: async (mail) => {
      mails.push(mail);
      return 'SENT';
    },
    oidc: null,
    onError: (message, details) => console.error(message, details),
  });
});
afterAll(() => database?.drop());
beforeEach(async () => {
  people += 1;
  mails = [];
  const email = `person-${people}@example.com`;
  const made = await identity.createPerson({ name: 'Ada', email, emailVerified: true, password });
  if (made === null) throw new Error('The address is taken.');
  ada = made;
});

describe('a sign-in under way with the old password', () => {
  const signInMeanwhile = async (meanwhile: () => Promise<unknown>, given = password): Promise<PageReply> => {
    beforeSession = async () => {
      beforeSession = async () => undefined;
      await meanwhile();
    };
    return send('/sign-in', { email: ada.email, password: given });
  };

  test('ends with a reset of the password', async () => {
    const token = await resetToken();
    const reply = await signInMeanwhile(() => send('/reset-password', { token, password: better }));
    expect([reply.status, reply.cookies]).toEqual([401, []]);
    expect(await identity.sessions(ada.userId)).toEqual([]);
    expect((await send('/sign-in', { email: ada.email, password: better })).status).toBe(303);
  });

  test('ends with another password chosen elsewhere', async () => {
    await send('/sign-in', { email: ada.email, password });
    const [elsewhere] = await identity.sessions(ada.userId);
    const change = {
      userId: ada.userId,
      accountId: 'not made',
      hash: 'salt:hash',
      name: null,
      email: null,
      sessionId: elsewhere?.id ?? '',
      at: clock.now(),
    };
    const reply = await signInMeanwhile(() => setOwnDetails(database, change));
    expect(reply.status).toBe(401);
    expect((await identity.sessions(ada.userId)).map(({ id }) => id)).toEqual([elsewhere?.id]);
  });

  test('goes on when nothing changed', async () => {
    expect((await signInMeanwhile(async () => undefined)).status).toBe(303);
    expect(await identity.sessions(ada.userId)).toHaveLength(1);
  });
});

test('of two who choose the same address at once, one has it', async () => {
  const choose = async (name: string) => {
    const made = await identity.createPerson({
      name,
      email: `${name}-${people}@example.com`,
      emailVerified: false,
      password: null,
    });
    return setOwnDetails(database, {
      userId: made?.userId ?? '',
      accountId: `account of ${made?.userId}`,
      hash: 'salt:hash',
      name,
      email: `wanted-${people}@example.com`,
      sessionId: 'none',
      at: clock.now(),
    });
  };
  const set = await Promise.all(['ben', 'cleo', 'dora'].map(choose));
  expect(set.filter(Boolean)).toHaveLength(1);
});
