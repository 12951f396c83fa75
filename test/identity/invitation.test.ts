import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createGuessing, guessLimits } from '../../src/app/guessing.ts';
import { type Browser, createBrowser } from '../support/browser.ts';
import { post } from '../support/graphqlClient.ts';
import { type MailServer, startMailServer } from '../support/mailServer.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';

// Coming by an invitation: a newcomer is inside within a minute.

let serving: Serving;
let browser: Browser;
let path: string;
let token: string;
let email: string;
let invited = 0;
const password = 'correct horse battery';

const invite = async (to: string, at = serving) => {
  const { data, errors } = await post<{ inviteMember: { url: string; invitation: { id: string } } }>(
    at.url,
    servingKey,
    `mutation { inviteMember(input: { email: "${to}", role: ONCALL_ENGINEER }) {
       ... on InviteMemberPayload { url invitation { id } } ... on UserError { code message } } }`,
  );
  if (data === null) throw new Error(JSON.stringify(errors));
  return data.inviteMember;
};
const roleOf = async (as: Browser) => {
  const { data } = await as.post<{ viewer: { role: string } }>('{ viewer { role } }');
  return data?.viewer.role;
};
const problemOf = async (response: Response) =>
  /class="problem" role="alert">(.*?)</.exec(await response.text())?.[1];

beforeAll(async () => {
  serving = await startServing();
});
afterAll(() => serving?.stop());
beforeEach(async () => {
  browser = createBrowser(serving.url);
  invited += 1;
  email = `guest-${invited}@example.com`;
  const { url } = await invite(email.toUpperCase());
  path = url.slice(serving.url.length);
  token = new URL(url).searchParams.get('token') ?? '';
});

describe('somebody new', () => {
  test('says their name, chooses a password, and is signed in as a member', async () => {
    const page = await (await browser.open(path)).text();
    expect(page).toContain('Join Default');
    expect(page).toContain(email);
    expect(
      await problemOf(await browser.open('/accept-invitation', { token, name: 'Grace', password: 'x' })),
    ).toMatch(/too short/);
    expect(await problemOf(await browser.open('/accept-invitation', { token, name: ' ', password }))).toMatch(
      /name/,
    );
    const done = await browser.open('/accept-invitation', { token, name: 'Grace', password });
    expect([done.status, done.headers.get('location')]).toEqual([303, '/']);
    await expect.poll(() => roleOf(browser), { timeout: 5_000 }).toBe('ONCALL_ENGINEER');
    expect((await browser.open('/')).headers.get('location')).toBe('/graphql');
    expect(await serving.identity.personByEmail(email)).toMatchObject({
      name: 'Grace',
      emailVerified: false,
    });
    const again = createBrowser(serving.url);
    expect((await again.open('/accept-invitation', { token, name: 'Eve', password })).status).toBe(410);
    expect((await again.open('/sign-in', { email, password })).status).toBe(303);
  });

  test('does not choose who they are: the address and the role are the invitation’s', async () => {
    const more = { email: 'eve@example.com', role: 'ORG_ADMIN', emailVerified: 'true' };
    await browser.open('/accept-invitation', { token, name: 'Eve', password, ...more });
    expect(await serving.identity.personByEmail('eve@example.com')).toBeNull();
    await expect.poll(() => roleOf(browser), { timeout: 5_000 }).toBe('ONCALL_ENGINEER');
  });
});

describe('by mail', () => {
  let mail: MailServer;
  let mailing: Serving;
  beforeAll(async () => {
    mail = await startMailServer();
    mailing = await startServing({
      config: { mail: { smtpUrl: mail.url, from: 'Warroom <warroom@example.com>' } },
    });
  });
  afterAll(async () => {
    await mailing?.stop();
    await mail?.stop();
  });
  const mailedTo = async (to: string) => {
    expect((await invite(to, mailing)).url).toBeNull();
    const link = /https?:\S+/.exec((await mail.next(to)).text)?.[0] ?? '';
    return { at: link.slice(mailing.url.length), token: new URL(link).searchParams.get('token') ?? '' };
  };

  test('the mail is the proof: in one step they are a member, and the address is theirs', async () => {
    const { at, token: mailed } = await mailedTo(email);
    const guest = createBrowser(mailing.url);
    expect(await (await guest.open(at)).text()).not.toContain('Have you an account');
    const done = await guest.open('/accept-invitation', { token: mailed, name: 'Grace', password });
    expect([done.status, done.headers.get('location')]).toEqual([303, '/']);
    await expect.poll(() => roleOf(guest), { timeout: 5_000 }).toBe('ONCALL_ENGINEER');
    expect(await mailing.identity.personByEmail(email)).toMatchObject({ emailVerified: true });
  });

  test('who has an account is asked to sign in, as only they can read that', async () => {
    await mailing.identity.createPerson({ name: 'Grace', email, emailVerified: true, password });
    const { at } = await mailedTo(email);
    const page = await (await createBrowser(mailing.url).open(at)).text();
    expect(page).toContain('Sign in to accept');
    expect(page).not.toContain('name="password"');
  });
});

describe('somebody with an account', () => {
  beforeEach(async () => {
    await serving.identity.createPerson({ name: 'Grace', email, emailVerified: true, password });
  });

  test('is told nothing of it by a link that whoever invites was shown', async () => {
    const unknown = `nobody-${email}`;
    const { url } = await invite(unknown);
    const other = new URL(url).searchParams.get('token') ?? '';
    const pages = await Promise.all(
      [path, url.slice(serving.url.length)].map(async (at) => (await browser.open(at)).text()),
    );
    expect(pages[0]?.replaceAll(email, 'x').replaceAll(token, 'y')).toBe(
      pages[1]?.replaceAll(unknown, 'x').replaceAll(other, 'y'),
    );
    const refused = await browser.open('/accept-invitation', { token, name: 'Eve', password });
    expect(await problemOf(refused)).toBe(
      'It could not be accepted like that. If you have an account of this address, sign in to accept.',
    );
  });

  test('whose address nobody has proven shows first that it is theirs', async () => {
    await serving.database.asIdentity('UPDATE warroom.users SET "emailVerified" = false WHERE email = $1', [
      email,
    ]);
    await browser.open('/sign-in', { email, password });
    expect(await problemOf(await browser.open('/accept-invitation', { token }))).toMatch(
      /^Show first that this address is yours/,
    );
    const { userId = '' } = (await serving.identity.personByEmail(email)) ?? {};
    const link = new URL(await serving.identity.signInLink(userId));
    await browser.open('/sign-in', { token: link.searchParams.get('token') ?? '' });
    expect((await browser.open('/accept-invitation', { token })).headers.get('location')).toBe('/');
    await expect.poll(() => roleOf(browser), { timeout: 5_000 }).toBe('ONCALL_ENGINEER');
  });

  test('signs in first, and comes back to accept', async () => {
    const page = await (await browser.open(path)).text();
    const link = /href="(\/sign-in\?next=[^"]+)"/.exec(page)?.[1] ?? '';
    const next = new URL(link, serving.url).searchParams.get('next') ?? '';
    const signedIn = await browser.open('/sign-in', { email, password, next });
    expect(signedIn.headers.get('location')).toBe(path);
    const done = await browser.open('/accept-invitation', { token });
    expect(done.headers.get('location')).toBe('/');
    await expect.poll(() => roleOf(browser), { timeout: 5_000 }).toBe('ONCALL_ENGINEER');
  });

  test('is not signed in, nor given another password, by the invitation alone', async () => {
    const response = await browser.open('/accept-invitation', {
      token,
      name: 'Eve',
      password: 'another password',
    });
    expect(response.status).toBe(400);
    expect(browser.cookie()).toBe('');
    expect((await browser.open('/sign-in', { email, password: 'another password' })).status).toBe(401);
  });

  test('and another address accepts nothing', async () => {
    const other = `other-${email}`;
    await serving.identity.createPerson({ name: 'Other', email: other, emailVerified: true, password });
    await browser.open('/sign-in', { email: other, password });
    expect(await (await browser.open(path)).text()).toContain(`You are signed in as ${other}`);
    const refused = await browser.open('/accept-invitation', { token });
    expect(await problemOf(refused)).toContain('another address');
    expect(await roleOf(browser)).toBeUndefined();
  });
});

describe('works no more', () => {
  const dead = async () => {
    expect((await browser.open(`/accept-invitation?token=${token}`)).status).toBe(410);
    expect((await browser.open('/accept-invitation', { token, name: 'Eve', password })).status).toBe(410);
    expect(browser.cookie()).toBe('');
  };

  test('altered', async () => {
    token = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    await dead();
  });

  test('of another kind', async () => {
    const { userId } = (await serving.identity.personByEmail('administrator@localhost')) ?? { userId: '' };
    token = new URL(await serving.identity.signInLink(userId)).searchParams.get('token') ?? '';
    await dead();
  });

  test('replaced by a later one', async () => {
    await invite(email);
    await dead();
  });
});

test('a thousand tokens in one request are not a thousand guesses', async () => {
  const limits = { ...guessLimits, invitationsOfPerson: { atOnce: 5, oneMoreEvery: 60_000 } };
  const own = await startServing({ guessing: createGuessing(undefined, limits) });
  const eve = createBrowser(own.url);
  await own.identity.createPerson({ name: 'Eve', email: 'eve@example.com', emailVerified: true, password });
  await eve.open('/sign-in', { email: 'eve@example.com', password });
  const fields = Array.from(
    { length: 9 },
    (_, index) =>
      `a${index}: acceptInvitation(input: { token: "guess-${index}" }) { ... on UserError { code } }`,
  );
  const { data, errors } = await eve.post<Record<string, { code: string } | null>>(
    `mutation { ${fields.join(' ')} }`,
  );
  expect(Object.values(data ?? {}).filter((one) => one?.code === 'NOT_FOUND')).toHaveLength(5);
  expect(errors.map(({ extensions }) => extensions?.code)).toEqual(Array(4).fill('RATE_LIMITED'));
  expect(errors[0]?.extensions?.retryAfterSeconds).toBe(60);
  await own.stop();
});
