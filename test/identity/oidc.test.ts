import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Browser, createBrowser } from '../support/browser.ts';
import { type OidcHouse, signInThrough, startOidcProvider } from '../support/oidcProvider.ts';
import { type Serving, startServing } from '../support/serving.ts';

// Signing in through an identity provider: a real one, and everything that may go wrong on the way.

let house: OidcHouse;
let serving: Serving;
let browser: Browser;
let people = 0;

const settings = () => ({ ...pick(house), name: 'Example' });
const pick = ({ issuer, clientId, clientSecret }: OidcHouse) => ({ issuer, clientId, clientSecret });
const isIn = async (as = browser) => (await as.open('/account')).status === 200;
const problemAt = (location: string) => new URL(location, serving.url).searchParams.get('error');

/** A port that nobody uses: the provider must know where we are before we are there. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

beforeAll(async () => {
  const port = await freePort();
  house = await startOidcProvider(`http://127.0.0.1:${port}/auth/callback/oidc`);
  serving = await startServing({ config: { port, oidc: settings() } });
});
afterAll(async () => {
  await serving?.stop();
  await house?.stop();
});
beforeEach(() => {
  browser = createBrowser(serving.url);
  people += 1;
  house.person = {
    sub: `subject-${people}`,
    email: `Person-${people}@Example.com`,
    email_verified: true,
    name: `Person ${people}`,
  };
});
afterEach(() => {
  house.meddle = null;
});

describe('through the provider', () => {
  test('somebody new has an account, and sees nothing until somebody invites them', async () => {
    expect(await (await browser.open('/sign-in')).text()).toContain('Sign in with Example');
    expect(await signInThrough(house, browser)).toBe('/account');
    expect(await (await browser.open('/account')).text()).toContain('You belong to no organization yet');
    const person = await serving.identity.personByEmail(`person-${people}@example.com`);
    expect(person).toMatchObject({ name: `Person ${people}`, emailVerified: true });
    const [session] = await serving.identity.sessions(person?.userId ?? '');
    expect(session?.signedInBy).toBe('OIDC');
    const { errors } = await browser.post('{ viewer { role } }');
    expect(errors[0]?.extensions?.code).toBe('FORBIDDEN');
  });

  test('somebody new who comes from several browsers at once is one person', async () => {
    const browsers = Array.from({ length: 4 }, () => createBrowser(serving.url));
    const backs = await Promise.all(
      browsers.map(async (one) => {
        const begun = await one.open('/auth/oidc?next=/account');
        return new URL(await house.visit(begun.headers.get('location') ?? ''));
      }),
    );
    const ended = await Promise.all(
      browsers.map((one, index) => one.open(`${backs[index]?.pathname}${backs[index]?.search}`)),
    );
    expect(ended.map(({ headers }) => headers.get('location'))).toEqual(Array(4).fill('/account'));
    const person = await serving.identity.personByEmail(`person-${people}@example.com`);
    expect(await serving.identity.sessions(person?.userId ?? '')).toHaveLength(4);
  });

  test('who comes again is the same person, whatever their address is called now', async () => {
    await signInThrough(house, browser);
    const before = await serving.identity.personByEmail(`person-${people}@example.com`);
    house.person = { ...house.person, email: 'married@example.com' };
    const phone = createBrowser(serving.url);
    expect(await signInThrough(house, phone)).toBe('/account');
    expect(await serving.identity.sessions(before?.userId ?? '')).toHaveLength(2);
    expect(await serving.identity.personByEmail('married@example.com')).toBeNull();
  });

  test('it goes on to where they wanted, and nowhere else', async () => {
    expect(await signInThrough(house, browser, '/choose-password')).toBe('/choose-password');
    expect(await signInThrough(house, createBrowser(serving.url), 'https://evil.example')).toBe('/');
  });

  test('a session that was planted before is not kept', async () => {
    await signInThrough(house, browser);
    const planted = createBrowser(serving.url);
    for (const pair of browser.cookie().split('; ')) {
      const [name = '', value = ''] = pair.split('=');
      planted.keep(name, value);
    }
    house.person = { ...house.person, sub: 'another', email: 'another@example.com' };
    await signInThrough(house, browser);
    expect([await isIn(planted), await isIn(browser)]).toEqual([false, true]);
  });

  test('none of the tokens is kept', async () => {
    await signInThrough(house, browser);
    const columns = await serving.database.asIdentity<{ name: string }>(
      `SELECT attname AS name FROM pg_attribute WHERE attrelid = 'warroom.accounts'::regclass AND attnum > 0`,
    );
    expect(columns.map(({ name }) => name).filter((name) => /token/i.test(name))).toEqual([]);
    const rows = await serving.database.asIdentity('SELECT * FROM warroom.verifications');
    expect(rows).toEqual([]);
  });
});

describe('an account of the same address', () => {
  const withPassword = async (emailVerified: boolean) => {
    const email = `person-${people}@example.com`;
    const password = 'correct horse battery';
    const made = await serving.identity.createPerson({ name: 'Ada', email, emailVerified, password });
    const by = createBrowser(serving.url);
    const signIn = async () => (await by.open('/sign-in', { email, password })).status;
    return { userId: made?.userId, by, signIn };
  };

  test('that was verified is theirs, and keeps its password', async () => {
    const { userId, signIn } = await withPassword(true);
    expect(await signInThrough(house, browser)).toBe('/account');
    expect(await serving.identity.personByEmail(`person-${people}@example.com`)).toMatchObject({ userId });
    expect(await signIn()).toBe(303);
  });

  test('that nobody has verified is theirs, and whatever a stranger set up there before is gone', async () => {
    const { userId, by, signIn } = await withPassword(false);
    expect(await signIn()).toBe(303);
    expect(await signInThrough(house, browser)).toBe('/account');
    expect(await serving.identity.personByEmail(`person-${people}@example.com`)).toMatchObject({
      userId,
      emailVerified: true,
    });
    expect([await signIn(), await isIn(by)]).toEqual([401, false]);
  });

  test('is nobody’s whose address the provider has not verified', async () => {
    const { signIn } = await withPassword(true);
    house.person = { ...house.person, email_verified: false };
    expect(problemAt(await signInThrough(house, browser))).toBe('account_not_linked');
    expect([await isIn(), await signIn()]).toEqual([false, 303]);
  });
});

describe('nobody is signed in', () => {
  const code = async () => {
    const begun = await browser.open('/auth/oidc?next=/account');
    const back = new URL(await house.visit(begun.headers.get('location') ?? ''));
    return { back, open: (as: Browser, url = back) => as.open(url.pathname + url.search) };
  };
  const refused = async (response: Response, error: string | RegExp, as = browser) => {
    expect(problemAt(response.headers.get('location') ?? '')).toMatch(error);
    expect(await isIn(as)).toBe(false);
  };

  test('with an address that the provider has not verified, and no account is made', async () => {
    house.person = { ...house.person, email_verified: false };
    expect(problemAt(await signInThrough(house, browser))).toBe('email_not_verified');
    expect(await isIn()).toBe(false);
    expect(await serving.identity.personByEmail(`person-${people}@example.com`)).toBeNull();
  });

  test('without an address', async () => {
    house.person = { sub: 'no address' };
    expect(problemAt(await signInThrough(house, browser))).toBe('email_not_found');
  });

  test('in another browser than the one that began', async () => {
    const { open } = await code();
    const victim = createBrowser(serving.url);
    const before = house.exchanges.count;
    await refused(await open(victim), /state/, victim);
    expect(house.exchanges.count).toBe(before);
  });

  test('with another state than was begun with, or none', async () => {
    const { back, open } = await code();
    const altered = new URL(back);
    altered.searchParams.set('state', 'x'.repeat(32));
    await refused(await open(browser, altered), /state/);
    altered.searchParams.delete('state');
    await refused(await open(browser, altered), /state/);
  });

  test('with a code that was used already', async () => {
    const { open } = await code();
    const cookies = browser.cookie();
    expect((await open(browser)).headers.get('location')).toBe('/account');
    const again = createBrowser(serving.url);
    for (const pair of cookies.split('; '))
      again.keep(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    await refused(await open(again), 'invalid_code', again);
  });

  test('with the answer of another issuer', async () => {
    const { back, open } = await code();
    back.searchParams.set('iss', 'https://other.example');
    await refused(await open(browser, back), 'issuer_mismatch');
  });

  test('when they did not allow it there', async () => {
    const { back, open } = await code();
    back.searchParams.delete('code');
    back.searchParams.set('error', 'access_denied');
    const response = await open(browser, back);
    await refused(response, 'access_denied');
    const page = await browser.open(response.headers.get('location') ?? '');
    expect(await page.text()).toContain('Signing in with Example did not work. You did not allow it there.');
  });

  test('while the provider is away, or calls itself something else', async () => {
    for (const oidc of [
      { ...settings(), issuer: 'http://127.0.0.1:1' },
      { ...settings(), issuer: `${house.issuer}/` },
    ]) {
      const own = await startServing({ config: { oidc } });
      const other = createBrowser(own.url);
      expect(problemAt(await signInThrough(house, other))).toBe('provider_unavailable');
      await own.stop();
    }
  });
});
