import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Person } from '../../src/app/identity.ts';
import { type Browser, createBrowser } from '../support/browser.ts';
import { type Serving, startServing } from '../support/serving.ts';

// Signing in as a person does it: pages and forms over real HTTP.

let serving: Serving;
let browser: Browser;
let ada: Person;
const password = 'correct horse battery';
let people = 0;

/** Somebody new, who has a password. */
const somebody = async (given: string | null = password): Promise<Person> => {
  people += 1;
  const email = `person-${people}@example.com`;
  const made = await serving.identity.createPerson({
    name: `Person ${people}`,
    email,
    emailVerified: true,
    password: given,
  });
  if (made === null) throw new Error('The address is taken.');
  return made;
};
const signIn = (as: Browser, email: string, given = password, more: Record<string, string> = {}) =>
  as.open('/sign-in', { email, password: given, ...more });
const pathOf = (link: string) => link.slice(serving.url.length);
const tokenOf = (link: string) => new URL(link).searchParams.get('token') ?? '';
const isIn = async (as: Browser) => (await as.open('/account')).status === 200;

beforeAll(async () => {
  serving = await startServing();
});
afterAll(() => serving?.stop());
beforeEach(async () => {
  browser = createBrowser(serving.url);
  ada = await somebody();
});

describe('a browser that is not signed in', () => {
  test.each(['/', '/account', '/choose-password', '/graphql'])(
    'and opens %s is offered the sign-in page',
    async (path) => {
      const response = await browser.open(path);
      expect([response.status, response.headers.get('location')]).toEqual([
        303,
        expect.stringMatching(/^\/sign-in\?next=/),
      ]);
    },
  );

  test('gets the API explorer all the same when it says that it has a key', async () => {
    expect((await browser.open('/graphql?with=key')).status).toBe(200);
  });

  test('loads nothing from anywhere, runs no script, and may not be framed', async () => {
    const response = await browser.open('/sign-in');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self'/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).not.toMatch(/<script|https?:\/\//);
  });
});

describe('with a password', () => {
  test('signs in, whatever the case of the address, and goes on to where they wanted', async () => {
    const response = await signIn(browser, ` ${ada.email.toUpperCase()} `, password, { next: '/account' });
    expect([response.status, response.headers.get('location')]).toEqual([303, '/account']);
    expect(await isIn(browser)).toBe(true);
  });

  test('the cookie is for no script, for no other site, and for thirty days', async () => {
    const [line = ''] = (await signIn(browser, ada.email)).headers.getSetCookie();
    expect(line).toMatch(/^warroom\.session_token=[^;]+; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/);
  });

  test.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/%0a\r\nset-cookie: a=b',
    'javascript:alert(1)',
    '/a\\b',
  ])('does not go on to %j', async (next) => {
    expect((await signIn(browser, ada.email, password, { next })).headers.get('location')).toBe('/');
  });

  test('an unknown address and a wrong password get the same answer', async () => {
    const wrong = await signIn(browser, ada.email, 'something else');
    const unknown = await signIn(browser, 'nobody@example.com', 'something else');
    const none = await signIn(browser, (await somebody(null)).email, 'something else');
    const bodies = await Promise.all([wrong, unknown, none].map((one) => one.text()));
    expect([wrong.status, unknown.status, none.status]).toEqual([401, 401, 401]);
    expect(new Set(bodies.map((body) => body.replace(/value="[^"]*"/g, ''))).size).toBe(1);
    expect(await isIn(browser)).toBe(false);
  });

  test('and in the same class of time', async () => {
    const other = await startServing();
    const known = await other.identity.createPerson({ ...ada, password });
    const took = async (email: string) => {
      const times: number[] = [];
      for (let tries = 0; tries < 9; tries += 1) {
        const began = performance.now();
        await signIn(createBrowser(other.url), email, 'something else');
        times.push(performance.now() - began);
      }
      return times.sort((a, b) => a - b)[4] ?? 0;
    };
    const [wrong, unknown] = [await took(known?.email ?? ''), await took('nobody@example.com')];
    await other.stop();
    // Hashing takes most of it; without it one of them would take a tenth.
    expect(Math.max(wrong, unknown) / Math.min(wrong, unknown)).toBeLessThan(3);
  });

  test('nobody keeps a session that was there before, planted or left behind', async () => {
    const mallory = await somebody();
    await signIn(browser, mallory.email);
    const planted = createBrowser(serving.url);
    planted.keep('warroom.session_token', /session_token=([^;]+)/.exec(browser.cookie())?.[1] ?? '');
    await signIn(browser, ada.email);
    expect(browser.cookie()).not.toContain(planted.cookie());
    expect(await isIn(planted)).toBe(false);
    const [session] = await serving.identity.sessions(ada.userId);
    expect(session).toMatchObject({ signedInBy: 'PASSWORD' });
    expect(await serving.identity.sessions(mallory.userId)).toEqual([]);
  });

  test.each<[string, Record<string, string>]>([
    ['from another site', { origin: 'https://evil.example' }],
    ['from another site, as the browser says', { 'sec-fetch-site': 'cross-site' }],
    ['from a page without an origin', { origin: 'null' }],
  ])('a form %s signs nobody in', async (_what, headers) => {
    const response = await browser.open('/sign-in', { email: ada.email, password }, headers);
    expect([response.status, browser.cookie()]).toEqual([403, '']);
  });

  test('nothing but a form is read, and none that is too long', async () => {
    const send = (body: string, type: string) =>
      fetch(`${serving.url}/sign-in`, {
        method: 'POST',
        headers: { 'content-type': type, origin: serving.url },
        body,
      });
    const right = new URLSearchParams({ email: ada.email, password }).toString();
    expect((await send(right, 'text/plain')).status).toBe(401);
    expect((await send(`${right}&x=${'x'.repeat(20_000)}`, 'application/x-www-form-urlencoded')).status).toBe(
      401,
    );
  });

  test('a person has at most 50 sessions: the one that was used longest ago ends', async () => {
    await signIn(browser, ada.email);
    await serving.database.asIdentity(
      `INSERT INTO warroom.sessions (id, token, "userId", "expiresAt", "createdAt", "updatedAt", "signedInBy")
       SELECT 'many-' || n, 'many-' || n, "userId", "expiresAt", "createdAt", "updatedAt" - interval '1 minute' * n, 'LINK'
       FROM warroom.sessions, generate_series(1, 60) AS n WHERE "userId" = $1`,
      [ada.userId],
    );
    await signIn(createBrowser(serving.url), ada.email);
    const sessions = await serving.identity.sessions(ada.userId);
    expect(sessions).toHaveLength(50);
    expect(sessions.map(({ id }) => id)).not.toContain('many-60');
  });
});

describe('by a one-time link', () => {
  let link: string;
  beforeEach(async () => {
    ada = await somebody(null);
    link = await serving.identity.signInLink(ada.userId);
  });

  test('looking at it uses nothing up; the button signs in and asks for a password', async () => {
    for (let looks = 0; looks < 3; looks += 1) {
      const page = await browser.open(pathOf(link));
      expect([page.status, (await page.text()).includes(ada.email)]).toEqual([200, true]);
    }
    const response = await browser.open('/sign-in', { token: tokenOf(link) });
    expect([response.status, response.headers.get('location')]).toEqual([303, '/choose-password']);
    expect(await isIn(browser)).toBe(true);
    const [session] = await serving.identity.sessions(ada.userId);
    expect(session).toMatchObject({ signedInBy: 'LINK', ipAddress: '127.0.0.1' });
  });

  test('of many who bring it at once, one gets in', async () => {
    const tries = await Promise.all(
      Array.from({ length: 8 }, () => createBrowser(serving.url).open('/sign-in', { token: tokenOf(link) })),
    );
    expect(tries.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(tries.filter(({ status }) => status === 410)).toHaveLength(7);
    expect(await serving.identity.sessions(ada.userId)).toHaveLength(1);
  });

  test.each<[string, (token: string) => string]>([
    ['altered', (token) => `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`],
    ['cut short', (token) => token.slice(0, 20)],
    ['empty', () => ''],
    ['of another kind', (token) => `reset-password:${token}`],
  ])('%s it works not', async (_what, change) => {
    const token = change(tokenOf(link));
    expect((await browser.open(`/sign-in?token=${encodeURIComponent(token)}`)).status).toBe(410);
    expect((await browser.open('/sign-in', { token })).status).toBe(410);
    expect(await isIn(browser)).toBe(false);
  });

  test('an hour later it works no more', async () => {
    await serving.database.asIdentity(
      `UPDATE warroom.verifications SET "expiresAt" = now() - interval '1 second'`,
    );
    expect((await browser.open(pathOf(link))).status).toBe(410);
    expect((await browser.open('/sign-in', { token: tokenOf(link) })).status).toBe(410);
  });

  test('neither its token nor anything it could be found by is in the database', async () => {
    const rows = JSON.stringify(await serving.database.asIdentity('SELECT * FROM warroom.verifications'));
    expect(rows).toContain(ada.userId);
    expect(rows).not.toContain(tokenOf(link));
  });

  test('it resets no password', async () => {
    const token = tokenOf(link);
    expect((await browser.open('/reset-password', { token, password: 'a long enough one' })).status).toBe(
      410,
    );
  });
});

describe('the account page', () => {
  test('names every browser, and ends one of them or all', async () => {
    const phone = createBrowser(serving.url);
    const firefox = {
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
    };
    await browser.open('/sign-in', { email: ada.email, password }, firefox);
    await signIn(phone, ada.email);
    const page = await (await browser.open('/account')).text();
    expect(page).toContain('Firefox on Linux');
    const other = /name="session" value="([^"]+)"/.exec(page)?.[1] ?? '';
    await browser.open('/account', { session: other });
    expect([await isIn(phone), await isIn(browser)]).toEqual([false, true]);
    await signIn(phone, ada.email);
    const response = await browser.open('/sign-out', { everywhere: '1' });
    expect(response.headers.get('location')).toBe('/sign-in?done=signed-out');
    expect([await isIn(phone), await isIn(browser)]).toEqual([false, false]);
  });

  test("ends nobody else's", async () => {
    const other = createBrowser(serving.url);
    const mallory = await somebody();
    await signIn(browser, ada.email);
    await signIn(other, mallory.email);
    const [session] = await serving.identity.sessions(ada.userId);
    await other.open('/account', { session: session?.id ?? '' });
    expect(await isIn(browser)).toBe(true);
  });

  test('of somebody who is a member of nothing says so, and leads nowhere else', async () => {
    await signIn(browser, ada.email);
    expect((await browser.open('/')).headers.get('location')).toBe('/account');
    expect(await (await browser.open('/account')).text()).toContain('You belong to no organization yet');
    const { status, errors } = await browser.post('{ viewer { role } }');
    expect([status, errors[0]?.extensions?.code]).toEqual([200, 'FORBIDDEN']);
  });

  test('shows what people call themselves as text', async () => {
    const made = await serving.identity.createPerson({
      name: '<img src=x onerror=alert(1)>',
      email: 'markup@example.com',
      emailVerified: true,
      password,
    });
    await signIn(browser, made?.email ?? '');
    const page = await (await browser.open('/account')).text();
    expect(page).toContain('&#60;img src=x');
    expect(page).not.toContain('<img');
  });
});
