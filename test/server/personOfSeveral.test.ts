import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { foundOrganization } from '../../src/store/foundOrganization.ts';
import { type Browser, createBrowser } from '../support/browser.ts';
import { type Serving, startServing } from '../support/serving.ts';

// Which organization a person of several acts in, and cookies where people come by https.

let serving: Serving;
let browser: Browser;
const viewer = '{ viewer { organization { slug } } }';
const slugOf = async (as: Browser, headers: Record<string, string> = {}) => {
  const { data } = await as.post<{ viewer: { organization: { slug: string } } }>(viewer, {
    origin: serving.url,
    ...headers,
  });
  return data?.viewer.organization.slug;
};
const tokenFor = async (email: string, at = serving) => {
  const person = await at.identity.personByEmail(email);
  const link = await at.identity.signInLink(person?.userId ?? '');
  return new URL(link).searchParams.get('token') ?? '';
};

beforeAll(async () => {
  serving = await startServing();
  // Not the administrator of the first start: as a superadmin they may act anywhere.
  const grace = { userId: v7(), name: 'Grace', email: 'grace@example.com' };
  const eve = { userId: v7(), name: 'Eve', email: 'eve@example.com' };
  for (const [slug, administrator] of [
    ['first', grace],
    ['second', grace],
    ['foreign', eve],
  ] as const) {
    await foundOrganization(serving.database, {
      organizationId: v7(),
      slug,
      name: slug,
      at: serving.clock.now(),
      commandId: v7(),
      administrator,
      key: null,
    });
  }
});
afterAll(() => serving?.stop());
beforeEach(async () => {
  browser = createBrowser(serving.url);
  await browser.open('/sign-in', { token: await tokenFor('grace@example.com') });
});

describe('a person of several organizations', () => {
  test('is told which there are when they choose none', async () => {
    const { status, errors } = await browser.post(viewer);
    expect([status, errors[0]?.extensions?.code]).toEqual([400, 'BAD_USER_INPUT']);
    expect(errors[0]?.message).toContain('first, second');
    expect(errors[0]?.message).not.toContain('foreign');
  });

  test('chooses one by header, and sees all of theirs', async () => {
    expect(await slugOf(browser, { 'warroom-organization': 'second' })).toBe('second');
    const { data } = await browser.post('{ viewer { organizations { slug role } } }', {
      origin: serving.url,
      'warroom-organization': 'first',
    });
    expect(data).toEqual({
      viewer: {
        organizations: [
          { slug: 'first', role: 'ORG_ADMIN' },
          { slug: 'second', role: 'ORG_ADMIN' },
        ],
      },
    });
  });

  test('chooses one by connection parameter, for a socket', async () => {
    const client = browser.socket(serving.url, { organization: 'second' });
    const { value } = await client
      .iterate<{ viewer: { organization: { slug: string } } }>({ query: viewer })
      .next();
    expect(value?.data?.viewer.organization.slug).toBe('second');
    await client.dispose();
  });

  test('chooses one on the account page, until they say otherwise', async () => {
    const chosen = await browser.open('/account', { organization: 'second' });
    expect(chosen.headers.getSetCookie()).toEqual([
      'warroom.organization=second; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax',
    ]);
    expect(await slugOf(browser)).toBe('second');
    expect(await slugOf(browser, { 'warroom-organization': 'first' })).toBe('first');
  });

  test('cannot choose what they do not belong to, by the page or by a cookie of their own making', async () => {
    await browser.open('/account', { organization: 'foreign' });
    expect(await slugOf(browser)).toBeUndefined();
    browser.keep('warroom.organization', 'foreign');
    expect(await slugOf(browser)).toBeUndefined();
  });
});

test('where people come by https, cookies go over nothing else, and pages are from there', async () => {
  const publicUrl = 'https://warroom.example';
  const own = await startServing({ config: { publicUrl } });
  const there = createBrowser(own.url);
  const from = { origin: publicUrl };
  const response = await there.open(
    '/sign-in',
    { token: await tokenFor('administrator@localhost', own) },
    from,
  );
  const [line = ''] = response.headers.getSetCookie();
  expect(line).toMatch(
    /^__Host-warroom\.session_token=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  );
  expect((await there.post('{ viewer { role } }', from)).data).toEqual({ viewer: { role: 'ORG_ADMIN' } });
  const other = await there.post('{ viewer { role } }', { origin: 'http://warroom.example' });
  expect(other.errors[0]?.extensions?.code).toBe('CROSS_ORIGIN');
  // The same cookie over each other way in: a socket, an event stream, and GraphiQL, which leads to sign-in without it.
  const query = 'subscription { incidentEvents(after: 0) { sequence } }';
  const socket = there.socket(publicUrl);
  const { connected } = await new Promise<{ connected: boolean }>((resolve) => {
    socket.on('connected', () => resolve({ connected: true }));
    socket.on('closed', () => resolve({ connected: false }));
    socket.subscribe({ query }, { next: () => {}, error: () => {}, complete: () => {} });
  });
  await socket.dispose();
  const stream = await fetch(`${own.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      cookie: there.cookie(),
      origin: publicUrl,
    },
    body: JSON.stringify({ query }),
  });
  await stream.body?.cancel();
  const explorer = await there.open('/graphql', undefined, from);
  expect([connected, stream.status, explorer.status]).toEqual([true, 200, 200]);
  expect((await createBrowser(own.url).open('/graphql')).status).toBe(303);
  expect(await own.identity.signInLink('x')).toMatch(/^https:\/\/warroom\.example\/sign-in\?token=/);
  await own.stop();
});
