import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Person } from '../../src/app/identity.ts';
import { type Browser, createBrowser } from '../support/browser.ts';
import { type MailServer, startMailServer } from '../support/mailServer.ts';
import { type Serving, startServing } from '../support/serving.ts';

// Choosing a password: at first, later, and by a link that comes by mail from a real mail server.

let mail: MailServer;
let serving: Serving;
let browser: Browser;
let ada: Person;
const password = 'correct horse battery';
const better = 'another long password';
let people = 0;

const somebody = async (given: string | null = password, emailVerified = false): Promise<Person> => {
  people += 1;
  const email = `person-${people}@example.com`;
  const made = await serving.identity.createPerson({ name: 'Ada', email, emailVerified, password: given });
  if (made === null) throw new Error('The address is taken.');
  return made;
};
const signIn = async (email: string, given: string, as = browser) =>
  (await as.open('/sign-in', { email, password: given })).status;
const byLink = async (userId: string, as = browser) => {
  const token = new URL(await serving.identity.signInLink(userId)).searchParams.get('token') ?? '';
  return as.open('/sign-in', { token });
};
const isIn = async (as: Browser) => (await as.open('/account')).status === 200;
const problemOf = async (response: Response) =>
  /class="problem" role="alert">(.*?)</.exec(await response.text())?.[1];
/** Lets the hour in which a link's session needs no old password pass. */
const anHourPasses = () =>
  serving.database.asIdentity(
    `UPDATE warroom.sessions SET "createdAt" = "createdAt" - interval '61 minutes'`,
  );

beforeAll(async () => {
  mail = await startMailServer();
  serving = await startServing({
    config: { mail: { smtpUrl: mail.url, from: 'Warroom <warroom@example.com>' } },
  });
});
afterAll(async () => {
  await serving?.stop();
  await mail?.stop();
});
beforeEach(async () => {
  browser = createBrowser(serving.url);
  ada = await somebody();
});

describe('the administrator of the first start', () => {
  test('says who they are, and signs in with that from then on', async () => {
    const own = await startServing();
    const admin = createBrowser(own.url);
    const first = await own.identity.personByEmail('administrator@localhost');
    const link = new URL(await own.identity.signInLink(first?.userId ?? ''));
    await admin.open('/sign-in', { token: link.searchParams.get('token') ?? '' });
    const page = await (await admin.open('/choose-password')).text();
    expect(page).toContain('Welcome to Warroom');
    for (const [given, problem] of [
      [{ name: '', email: 'a@example.com', password }, /name/],
      [{ name: 'Ada', email: 'no address', password }, /email address/],
      [{ name: 'Ada', email: 'ada@localhost', password }, /email address/],
      [{ name: 'Ada', email: 'a@example.com', password: 'short' }, /too short/],
      [{ name: 'Ada', email: 'a@example.com', password: 'x'.repeat(129) }, /too long/],
      [{ name: 'Ada', email: 'a@example.com', password: 'aaaaaaaaaaaa' }, /guessed/],
      [{ name: 'Ada', email: 'a@example.com', password: 'A@example.com' }, /guessed/],
    ] as const) {
      const refused = await admin.open('/choose-password', given);
      expect([refused.status, await problemOf(refused)]).toEqual([400, expect.stringMatching(problem)]);
    }
    const done = await admin.open('/choose-password', { name: 'Ada', email: ' Ada@Example.com ', password });
    expect(done.headers.get('location')).toBe('/account?done=password');
    const { data } = await admin.post('{ viewer { user { name email } role } }');
    expect(data).toEqual({ viewer: { user: { name: 'Ada', email: 'ada@example.com' }, role: 'ORG_ADMIN' } });
    expect(await signIn('ada@example.com', password, createBrowser(own.url))).toBe(303);
    expect(await own.identity.personByEmail('administrator@localhost')).toBeNull();
    expect(await own.identity.personByEmail('ADA@example.com')).toMatchObject({ emailVerified: false });
    await own.stop();
  });

  test("may not take somebody else's address", async () => {
    const first = await serving.identity.personByEmail('administrator@localhost');
    await byLink(first?.userId ?? '');
    const response = await browser.open('/choose-password', { name: 'Ada', email: ada.email, password });
    expect(await problemOf(response)).toMatch(/Somebody else/);
    expect(await signIn(ada.email, password, createBrowser(serving.url))).toBe(303);
  });
});

describe('a person', () => {
  test('without a password chooses their first within an hour of signing in', async () => {
    const fresh = await somebody(null);
    await byLink(fresh.userId);
    expect((await browser.open('/choose-password', { password: better })).status).toBe(303);
    expect(await signIn(fresh.email, better)).toBe(303);
    const late = await somebody(null);
    await byLink(late.userId);
    await anHourPasses();
    expect((await browser.open('/choose-password', { password: better })).status).toBe(403);
  });

  test('with a password shows the old one, and every other browser is signed out', async () => {
    const phone = createBrowser(serving.url);
    await signIn(ada.email, password);
    await signIn(ada.email, password, phone);
    for (const old of ['', 'wrong']) {
      const refused = await browser.open('/choose-password', { old, password: better });
      expect(await problemOf(refused)).toBe('The old password is wrong.');
    }
    expect((await browser.open('/choose-password', { old: password, password: better })).status).toBe(303);
    expect([await isIn(browser), await isIn(phone)]).toEqual([true, false]);
    expect([await signIn(ada.email, password, phone), await signIn(ada.email, better, phone)]).toEqual([
      401, 303,
    ]);
  });

  test('who came by a link has shown that the address is theirs, and what was set up there before is gone', async () => {
    const stranger = createBrowser(serving.url);
    await signIn(ada.email, password, stranger);
    await byLink(ada.userId);
    expect(await serving.identity.personByEmail(ada.email)).toMatchObject({ emailVerified: true });
    expect([await isIn(browser), await isIn(stranger), await signIn(ada.email, password, stranger)]).toEqual([
      true,
      false,
      401,
    ]);
    expect((await browser.open('/choose-password', { password: better })).status).toBe(303);
    // Once it is proven, a link takes nothing away.
    await byLink(ada.userId, createBrowser(serving.url));
    expect(await signIn(ada.email, better)).toBe(303);
  });

  test('who came by a link needs no old one, for an hour', async () => {
    ada = await somebody(password, true);
    await byLink(ada.userId);
    await anHourPasses();
    expect((await browser.open('/choose-password', { password: better })).status).toBe(400);
    await byLink(ada.userId);
    expect((await browser.open('/choose-password', { password: better })).status).toBe(303);
  });

  test('does not change who they are by what else the form may say', async () => {
    await byLink(ada.userId);
    const more = { name: 'Eve', email: 'eve@example.com', userId: 'somebody', password: better };
    expect((await browser.open('/choose-password', more)).status).toBe(303);
    expect(await serving.identity.personByEmail(ada.email)).toMatchObject({
      name: 'Ada',
      userId: ada.userId,
    });
  });

  test('whose old password is guessed at in an open browser is asked to wait', async () => {
    await signIn(ada.email, password);
    const tries = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        browser.open('/choose-password', { old: `wrong ${index}`, password: better }),
      ),
    );
    expect(tries.filter(({ status }) => status === 429)).toHaveLength(2);
  });
});

describe('a forgotten password', () => {
  const askFor = (email: string) => browser.open('/reset-password', { email });
  const linkIn = (text: string) => /https?:\S+/.exec(text)?.[0] ?? '';
  const tokenMailedTo = async (email: string) => {
    await askFor(email);
    return new URL(linkIn((await mail.next(email)).text)).searchParams.get('token') ?? '';
  };

  test('is replaced by a link that comes by mail: once, everywhere signed out, the address proven', async () => {
    await signIn(ada.email, password);
    await askFor(ada.email.toUpperCase());
    const { from, subject, text } = await mail.next(ada.email);
    expect([from, subject]).toEqual(['warroom@example.com', 'Choose a new password for Warroom']);
    const link = linkIn(text);
    expect(link.startsWith(`${serving.url}/reset-password?token=`)).toBe(true);
    const token = new URL(link).searchParams.get('token') ?? '';
    expect((await browser.open(`/reset-password?token=${token}`)).status).toBe(200);
    const short = await browser.open('/reset-password', { token, password: 'short' });
    expect(await problemOf(short)).toMatch(/too short/);
    const done = await browser.open('/reset-password', { token, password: better });
    expect(done.headers.get('location')).toBe('/sign-in?done=password');
    expect(await isIn(browser)).toBe(false);
    expect([await signIn(ada.email, password), await signIn(ada.email, better)]).toEqual([401, 303]);
    expect(await serving.identity.personByEmail(ada.email)).toMatchObject({ emailVerified: true });
    expect((await mail.next(ada.email)).subject).toBe('Your password for Warroom was changed');
    const again = await browser.open('/reset-password', { token, password: 'a third long password' });
    expect(again.status).toBe(410);
  });

  test('of many who bring the link at once, one sets the password', async () => {
    const token = await tokenMailedTo(ada.email);
    const tries = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        browser.open('/reset-password', { token, password: `long password ${index}` }),
      ),
    );
    expect(tries.map(({ status }) => status).sort()).toEqual([303, 410, 410, 410, 410, 410]);
  });

  test('altered, late, or used for signing in, the link works not', async () => {
    const token = await tokenMailedTo(ada.email);
    const altered = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    expect((await browser.open(`/reset-password?token=${altered}`)).status).toBe(410);
    expect((await browser.open('/reset-password', { token: altered, password: better })).status).toBe(410);
    expect((await browser.open('/sign-in', { token })).status).toBe(410);
    await serving.database.asIdentity(
      `UPDATE warroom.verifications SET "expiresAt" = now() - interval '1 second'`,
    );
    expect((await browser.open(`/reset-password?token=${token}`)).status).toBe(410);
    expect((await browser.open('/reset-password', { token, password: better })).status).toBe(410);
    expect(await signIn(ada.email, password)).toBe(303);
  });

  test('nobody learns whether there is an account, from the answer or from how long it takes', async () => {
    const known = await askFor(ada.email);
    const unknown = await askFor('nobody@example.com');
    const bodies = await Promise.all([known, unknown].map((one) => one.text()));
    expect([known.status, unknown.status]).toEqual([200, 200]);
    expect(bodies[0]?.replaceAll(ada.email, 'x')).toBe(bodies[1]?.replaceAll('nobody@example.com', 'x'));
    await mail.next(ada.email);
    expect(mail.caught.flatMap(({ to }) => to)).not.toContain('nobody@example.com');
  });

  test('asked for again and again, it fills nobody’s mailbox', async () => {
    for (let tries = 0; tries < 8; tries += 1) expect((await askFor(ada.email)).status).toBe(200);
    for (let count = 0; count < 3; count += 1) await mail.next(ada.email);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(mail.caught.filter(({ to }) => to.includes(ada.email))).toHaveLength(3);
  });

  test('the link leads to where people reach Warroom, whatever the request says of it', async () => {
    await fetch(`${serving.url}/reset-password`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': 'same-origin',
        'x-forwarded-host': 'evil.example',
      },
      body: new URLSearchParams({ email: ada.email }),
    });
    expect(linkIn((await mail.next(ada.email)).text).startsWith(serving.url)).toBe(true);
  });

  test('without a mail server says how else to get in', async () => {
    const own = await startServing();
    const other = createBrowser(own.url);
    for (const page of [
      await other.open('/reset-password'),
      await other.open('/reset-password', { email: 'a@b.c' }),
    ]) {
      expect(await page.text()).toContain('This Warroom sends no mail');
    }
    await own.stop();
  });
});
