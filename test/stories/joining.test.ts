import { afterAll, beforeAll, expect, test } from 'vitest';
import { toGlobalId } from '../../src/graphql/globalId.ts';
import { type Browser, createBrowser } from '../support/browser.ts';
import { post } from '../support/graphqlClient.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';

// A person joins by invitation, works, is given another role, and is let go: over HTTP, WebSocket and event streams.

let serving: Serving;
let grace: Browser;
let userId: string;

/** A browser in which this person is signed in. */
async function signedIn(of: string): Promise<Browser> {
  const browser = createBrowser(serving.url);
  const { api } = await serving.identity.auth();
  const { headers } = await api.startSession({
    body: { userId: of },
    headers: new Headers({ 'user-agent': 'A browser' }),
    returnHeaders: true,
  });
  for (const line of headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    browser.keep(name, value);
  }
  return browser;
}

beforeAll(async () => {
  serving = await startServing();
  const person = await serving.identity.createPerson({
    name: 'Grace',
    email: 'grace@example.com',
    emailVerified: true,
    password: null,
  });
  userId = person?.userId ?? '';
  grace = await signedIn(userId);
});
afterAll(() => serving?.stop());

/** As the administrator. */
async function administer<T>(query: string): Promise<T> {
  const { data, errors } = await post<T>(serving.url, servingKey, query);
  expect(errors).toEqual([]);
  return data as T;
}

const viewer = '{ viewer { role organization { slug } } }';

/** Opens a socket with a live subscription; answers what it is closed with, and how long that took. */
async function watched(browser: Browser): Promise<{ closed: Promise<{ code: number; within: number }> }> {
  const client = browser.socket();
  let from = performance.now();
  const closed = new Promise<{ code: number; within: number }>((resolve) => {
    client.on('closed', (event) =>
      resolve({ code: (event as { code: number }).code, within: performance.now() - from }),
    );
  });
  await new Promise<void>((resolve) => {
    client.on('connected', () => resolve());
    client.subscribe(
      { query: 'subscription { incidentEvents { sequence } }' },
      { next: () => {}, error: () => {}, complete: () => {} },
    );
  });
  from = performance.now();
  return { closed };
}

/** Opens an event stream; answers when it ends. */
async function streamed(browser: Browser): Promise<{ ended: Promise<number> }> {
  const response = await fetch(`${serving.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      origin: serving.url,
      cookie: browser.cookie(),
    },
    body: JSON.stringify({ query: 'subscription { incidentEvents { sequence } }' }),
  });
  expect(response.status).toBe(200);
  const from = performance.now();
  const drained = (async () => {
    for await (const _chunk of response.body ?? []);
    return performance.now() - from;
  })();
  return { ended: drained.catch(() => performance.now() - from) };
}

test('who belongs to no organization can do nothing but accept an invitation', async () => {
  const refused = await grace.post(viewer);
  expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  for (const query of [
    '{ members { nodes { user { name } } } }',
    '{ apiKeys { nodes { id } } }',
    '{ incidents { nodes { id } } }',
  ]) {
    const { errors } = await grace.post(query);
    expect(errors).toMatchObject([
      { message: 'You belong to no organization yet. Ask an administrator of one to invite you.' },
    ]);
  }
  // A socket of theirs is let in, hears nothing, and costs nothing.
  const client = grace.socket();
  const answers: unknown[] = [];
  await new Promise<void>((resolve) => {
    client.subscribe(
      { query: 'subscription { incidentEvents { sequence } }' },
      { next: (answer) => answers.push(answer), error: () => resolve(), complete: () => resolve() },
    );
  });
  expect(JSON.stringify(answers)).not.toContain('sequence":');
  await client.dispose();
});

test('an accepted invitation makes them a member at once', async () => {
  const { inviteMember } = await administer<{ inviteMember: { url: string; mail: string } }>(
    `mutation { inviteMember(input: { email: "Grace@example.com", role: ONCALL_ENGINEER }) {
       ... on InviteMemberPayload { url mail } ... on UserError { code message } } }`,
  );
  const url = new URL(inviteMember.url);
  expect([url.pathname, inviteMember.mail]).toEqual(['/accept-invitation', 'NOT_SET_UP']);
  const accept = `mutation { acceptInvitation(input: { token: "${url.searchParams.get('token')}" }) {
    ... on AcceptInvitationPayload { organization { slug } role } ... on UserError { code message } } }`;
  expect((await grace.post(accept)).data).toEqual({
    acceptInvitation: { organization: { slug: 'default' }, role: 'ONCALL_ENGINEER' },
  });
  // What they belong to is believed for a second.
  await expect
    .poll(async () => (await grace.post(viewer)).data, { timeout: 5_000 })
    .toEqual({ viewer: { role: 'ONCALL_ENGINEER', organization: { slug: 'default' } } });
});

test('another role closes what is open within 5 s, and holds over HTTP within a second or so', async () => {
  const socket = await watched(grace);
  const stream = await streamed(grace);
  await administer(
    `mutation { changeMemberRole(input: { userId: "${toGlobalId('User', userId)}", role: VIEWER }) {
       ... on ChangeMemberRolePayload { member { role } } } }`,
  );
  expect(await socket.closed).toMatchObject({ code: 4403 });
  expect((await socket.closed).within).toBeLessThan(5_000);
  expect(await stream.ended).toBeLessThan(5_000);
  await expect
    .poll(async () => (await grace.post(viewer)).data, { timeout: 5_000 })
    .toMatchObject({ viewer: { role: 'VIEWER' } });
});

test('being removed closes what is open within 5 s, and leaves them nowhere', async () => {
  const socket = await watched(grace);
  const stream = await streamed(grace);
  await administer(
    `mutation { removeMember(input: { userId: "${toGlobalId('User', userId)}" }) {
       ... on RemoveMemberPayload { user { isMember } } } }`,
  );
  expect(await socket.closed).toMatchObject({ code: 4403 });
  expect((await socket.closed).within).toBeLessThan(5_000);
  expect(await stream.ended).toBeLessThan(5_000);
  await expect
    .poll(async () => (await grace.post(viewer)).errors, { timeout: 5_000 })
    .toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});
