import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Browser, createBrowser } from '../support/browser.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';

// A browser's cookie as a credential, over every transport.

let serving: Serving;
let browser: Browser;

const viewer = '{ viewer { actor { kind } role scopes organization { slug } } }';
const administrator = async () => {
  const person = await serving.identity.personByEmail('administrator@localhost');
  if (person === null) throw new Error('There is no administrator.');
  return person;
};
/** Signs a fresh browser in. */
const signedIn = async (): Promise<Browser> => {
  const fresh = createBrowser(serving.url);
  const { userId } = await administrator();
  const { api } = await serving.identity.auth();
  const { headers } = await api.startSession({
    body: { userId },
    headers: new Headers({ 'user-agent': 'A browser' }),
    returnHeaders: true,
  });
  for (const line of headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    fresh.keep(name, value);
  }
  return fresh;
};
const codeOf = ({ errors }: { errors: readonly { extensions?: Record<string, unknown> }[] }) =>
  errors[0]?.extensions?.code;

/** Opens a live subscription; resolves with what its socket was closed with. */
function closeOf(client: ReturnType<Browser['socket']>): {
  opened: Promise<void>;
  closed: Promise<{ code: number; reason: string }>;
} {
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    client.on('closed', (event) => resolve(event as { code: number; reason: string }));
  });
  const opened = new Promise<void>((resolve) => client.on('connected', () => resolve()));
  client.subscribe(
    { query: 'subscription { incidentEvents { sequence } }' },
    { next: () => {}, error: () => {}, complete: () => {} },
  );
  return { opened, closed };
}

beforeAll(async () => {
  serving = await startServing();
});
afterAll(() => serving?.stop());
beforeEach(async () => {
  browser = await signedIn();
});

test('a person signed in acts with their role and every scope of a person', async () => {
  const { status, data } = await browser.post(viewer);
  expect(status).toBe(200);
  expect(data).toEqual({
    viewer: {
      actor: { kind: 'USER' },
      role: 'ORG_ADMIN',
      scopes: ['READ', 'RESPOND', 'ADMIN'],
      organization: { slug: 'default' },
    },
  });
});

test('an Authorization header comes before the cookie, and holds or does not by itself', async () => {
  const own = { origin: serving.url };
  const key = await browser.post(viewer, { ...own, authorization: `Bearer ${servingKey}` });
  expect(key.data).toMatchObject({ viewer: { actor: { kind: 'API_KEY' } } });
  const wrong = await browser.post(viewer, { ...own, authorization: 'Bearer wr_wrong-wrong-wrong-wrong' });
  expect([wrong.status, codeOf(wrong)]).toEqual([401, 'UNAUTHENTICATED']);
});

describe('a cookie that is not ours, or holds no more, is none', () => {
  test.each([
    ['altered', (value: string) => `${value.slice(0, 5)}${value[5] === 'a' ? 'b' : 'a'}${value.slice(6)}`],
    ['unsigned', (value: string) => value.split('.')[0] ?? ''],
    ['signed by another', (value: string) => `${value.split('.')[0]}.${encodeURIComponent('c2lnbmF0dXJl')}`],
    ['very long', (value: string) => `${'x'.repeat(5_000)}.${value}`],
    ['not decodable', () => '%E0%A4%A'],
    ['empty', () => ''],
  ])('%s', async (_what, change) => {
    const [name = '', value = ''] = browser.cookie().split('=');
    browser.keep(name, change(value));
    expect(codeOf(await browser.post(viewer))).toBe('UNAUTHENTICATED');
  });

  test('ended', async () => {
    const { userId } = await administrator();
    expect((await browser.post(viewer)).status).toBe(200);
    const [session] = await serving.identity.sessions(userId);
    expect(await serving.identity.endSession('somebody else', session?.id ?? '')).toEqual([]);
    await serving.identity.endOtherSessions(userId, null);
    expect(codeOf(await browser.post(viewer))).toBe('UNAUTHENTICATED');
  });

  test.each([
    ['past its end', `"expiresAt" = now() - interval '1 second'`],
    ['unused for a week', `"updatedAt" = now() - interval '7 days 1 second'`],
  ])('%s', async (_what, change) => {
    await serving.database.asIdentity(`UPDATE warroom.sessions SET ${change}`);
    expect(codeOf(await browser.post(viewer))).toBe('UNAUTHENTICATED');
  });
});

describe('a cookie counts only for our own pages', () => {
  const elsewhere = 'https://evil.example';
  test.each<[string, Record<string, string>]>([
    ['from another origin', { origin: elsewhere }],
    ['from another port', { origin: 'http://127.0.0.1:1' }],
    ['from a page without an origin', { origin: 'null' }],
    ['from a page of another site, as the browser says', { 'sec-fetch-site': 'cross-site' }],
    ['from a sibling domain, as the browser says', { 'sec-fetch-site': 'same-site' }],
    ['without a word of where it is from', {}],
  ])('%s a POST is refused', async (_what, headers) => {
    const answer = await browser.post('mutation { __typename }', headers);
    expect([answer.status, codeOf(answer)]).toEqual([403, 'CROSS_ORIGIN']);
  });

  test.each<[string, Record<string, string>]>([
    ['our own origin', { origin: 'self' }],
    ['a browser that says so', { 'sec-fetch-site': 'same-origin' }],
  ])('%s is taken', async (_what, headers) => {
    const own = headers.origin === 'self' ? { origin: serving.url } : headers;
    expect((await browser.post(viewer, own)).status).toBe(200);
  });

  test('an API key needs no such proof', async () => {
    const answer = await createBrowser(serving.url).post(viewer, {
      origin: elsewhere,
      authorization: `Bearer ${servingKey}`,
    });
    expect(answer.status).toBe(200);
  });

  test('what another page fetches in the background is not read for it either', async () => {
    const query = `/graphql?query=${encodeURIComponent(viewer)}`;
    const json = { accept: 'application/json' };
    expect((await browser.open(query, undefined, json)).status).toBe(200);
    const background = { ...json, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
    expect((await browser.open(query, undefined, background)).status).toBe(403);
  });
});

describe('over WebSocket', () => {
  test('the cookie of its opening counts when connectionParams carry no authorization', async () => {
    const client = browser.socket();
    const results = client.iterate<{ viewer: { actor: { kind: string } } }>({ query: viewer });
    const { value } = await results.next();
    expect(value?.data?.viewer.actor.kind).toBe('USER');
    await client.dispose();
  });

  test('a socket that another page opens is refused', async () => {
    const { closed } = closeOf(browser.socket('https://evil.example'));
    expect(await closed).toMatchObject({ code: 4403, reason: expect.stringContaining('own pages') });
  });

  test('an ended session closes it with 4403 within 5 s', async () => {
    const { opened, closed } = closeOf(browser.socket());
    await opened;
    const { userId } = await administrator();
    const before = performance.now();
    // As another instance would, behind this one's back.
    await serving.database.asIdentity('DELETE FROM warroom.sessions WHERE "userId" = $1', [userId]);
    expect((await closed).code).toBe(4403);
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});

test('an ended session ends its event streams within 5 s', async () => {
  const response = await fetch(`${serving.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      cookie: browser.cookie(),
      origin: serving.url,
    },
    body: JSON.stringify({ query: 'subscription { incidentEvents { sequence } }' }),
  });
  expect(response.status).toBe(200);
  const before = performance.now();
  const { userId } = await administrator();
  await serving.database.asIdentity('DELETE FROM warroom.sessions WHERE "userId" = $1', [userId]);
  await response.text();
  expect(performance.now() - before).toBeLessThan(5_000);
});

test('the token in the cookie is nowhere in the database', async () => {
  const [, token = ''] = /=([^.]+)\./.exec(browser.cookie()) ?? [];
  expect(token).toMatch(/^\w{32}$/);
  const rows = await serving.database.asIdentity('SELECT * FROM warroom.sessions');
  expect(rows.length).toBeGreaterThan(0);
  expect(JSON.stringify(rows)).not.toContain(token);
});
