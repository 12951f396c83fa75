import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foundPlatform } from '../../src/app/foundPlatform.ts';
import { platform } from '../../src/domain/administration/platform.ts';
import { foundOrganization } from '../../src/store/foundOrganization.ts';
import { createSuperadmins, type Superadmins } from '../../src/store/superadmins.ts';
import { type Browser, createBrowser } from '../support/browser.ts';
import { type Serving, startServing } from '../support/serving.ts';

let serving: Serving;
let superadmins: Superadmins;
const organizations: Record<string, string> = {};

/** A browser signed in as this person. */
async function signedIn(email: string): Promise<Browser> {
  const person = await serving.identity.personByEmail(email);
  const browser = createBrowser(serving.url);
  const { api } = await serving.identity.auth();
  const { headers } = await api.startSession({
    body: { userId: person?.userId ?? '' },
    headers: new Headers({ 'user-agent': 'A browser' }),
    returnHeaders: true,
  });
  for (const line of headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    browser.keep(name, value);
  }
  return browser;
}

const inside = (slug: string) => ({ origin: serving.url, 'warroom-organization': slug });
/** Standings are believed for a second. */
const second = () => new Promise((resolve) => setTimeout(resolve, 1_100));

beforeAll(async () => {
  serving = await startServing();
  superadmins = createSuperadmins(serving.database, () => serving.clock.now());
  const organizationId = v7();
  organizations.acme = organizationId;
  organizations[platform.slug] = platform.organizationId;
  await foundOrganization(serving.database, {
    organizationId,
    slug: 'acme',
    name: 'acme',
    at: serving.clock.now(),
    commandId: v7(),
    administrator: { userId: 'grace', name: 'Grace', email: 'grace@example.com' },
    key: null,
  });
  await foundPlatform(serving.database, serving.clock);
  await serving.identity.createPerson({
    name: 'Sol',
    email: 'sol@example.com',
    emailVerified: true,
    password: null,
  });
});
afterAll(() => serving?.stop());

const viewer = '{ viewer { role organization { slug } } }';
const acts = async (slug: string) =>
  (
    await serving.database.asOrganization<{ body: string }>(
      organizations[slug] ?? '',
      "SELECT body FROM warroom.ledger_event WHERE ledger = 1 AND type = 'SUPERADMIN_ACTED' ORDER BY sequence",
    )
  ).map(({ body }) => JSON.parse(body) as { actor: object; payload: Record<string, unknown> });
const entries = (slug: string) =>
  serving.database.asOrganization(
    organizations[slug] ?? '',
    'SELECT * FROM warroom.access_log WHERE superadmin ORDER BY at, id',
  );

describe('the administrator of the first start', () => {
  test('is a superadmin, and acts in an organization of their own like any member', async () => {
    expect((await superadmins.list()).map(({ email }) => email)).toEqual(['administrator@localhost']);
    const browser = await signedIn('administrator@localhost');
    const { data } = await browser.post(viewer);
    expect(data).toEqual({ viewer: { role: 'ORG_ADMIN', organization: { slug: 'default' } } });
    const made = await browser.post(
      'mutation { createOrganization(input: { slug: "second", name: "Second" }) { __typename } }',
    );
    expect(made.data).toEqual({ createOrganization: { __typename: 'CreateOrganizationPayload' } });
    const [home] = await serving.database.asPlatform<{ id: string }>(
      "SELECT organization_id AS id FROM warroom.organization WHERE slug = 'default'",
    );
    const log = await serving.database.asOrganization(
      home?.id ?? '',
      'SELECT operation, field, outcome FROM warroom.access_log ORDER BY at, id',
    );
    expect(log).toEqual([{ operation: 'MUTATION', field: 'createOrganization', outcome: 'ALLOWED' }]);
  });

  test('acts in any other as its administrator, and each act is written there before it is done', async () => {
    const browser = await signedIn('administrator@localhost');
    const before = (await entries('acme')).length;
    const { data, errors } = await browser.post(
      '{ viewer { role organization { slug } } incidents { nodes { id } } __typename }',
      { ...inside('acme'), 'x-request-id': 'an-act-of-a-superadmin' },
    );
    expect(errors).toEqual([]);
    expect(data).toMatchObject({ viewer: { role: 'ORG_ADMIN', organization: { slug: 'acme' } } });
    const kept = (await entries('acme')).slice(before);
    expect(kept.map(({ field, outcome }) => [field, outcome])).toEqual(
      ['viewer', 'incidents', '__typename'].map((field) => [field, 'ALLOWED']),
    );
    const [act] = await acts('acme');
    expect(act?.actor).toMatchObject({ kind: 'USER', role: 'ORG_ADMIN' });
    expect(act?.payload).toEqual({
      operation: 'QUERY',
      fields: ['viewer', 'incidents', '__typename'],
      requestId: 'an-act-of-a-superadmin',
    });
    expect(kept[0]?.request_id).toBe('an-act-of-a-superadmin');
    const declared = await browser.post(
      'mutation { declareIncident(input: { title: "x", severity: SEV4 }) { __typename } }',
      inside('acme'),
    );
    expect(declared.data).toEqual({ declareIncident: { __typename: 'DeclareIncidentPayload' } });
    expect((await acts('acme')).at(-1)?.payload).toMatchObject({
      operation: 'MUTATION',
      fields: ['declareIncident'],
    });
    const shown = await browser.post<{ administrationEvents: { nodes: { message: string }[] } }>(
      '{ administrationEvents(types: [SUPERADMIN_ACTED], first: 1) { nodes { message } } }',
      inside('acme'),
    );
    expect(shown.data?.administrationEvents.nodes[0]?.message).toContain(
      'a superadmin and no member, asked for viewer, incidents, __typename.',
    );
  });

  test('does not find an organization that is not there', async () => {
    const browser = await signedIn('administrator@localhost');
    expect((await browser.post(viewer, inside('nowhere'))).errors[0]?.extensions?.code).toBe(
      'BAD_USER_INPUT',
    );
  });
});

describe('somebody else', () => {
  test('who is no superadmin finds no organization but their own, in the same words as one that is not', async () => {
    const browser = await signedIn('grace@example.com');
    const foreign = await browser.post(viewer, inside('default'));
    expect(foreign.errors[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    expect(await browser.post(viewer, inside('nowhere'))).toEqual(foreign);
  });

  test('a link of the command line shows that an address is theirs, so that they can be made one', async () => {
    const email = 'squatted@example.com';
    const made = { name: 'Somebody', email, emailVerified: false, password: null };
    const person = await serving.identity.createPerson(made);
    expect(await superadmins.grant(email)).toBe('UNPROVEN');
    const token = new URL(await serving.identity.signInLink(person?.userId ?? '')).searchParams.get('token');
    await createBrowser(serving.url).open('/sign-in', { token: token ?? '' });
    expect(await superadmins.grant(email)).toBe('DONE');
  });

  test('who is made one acts where they are no member, in the platform by default, until it is taken back', async () => {
    const browser = await signedIn('sol@example.com');
    expect(await superadmins.grant('Sol@Example.com')).toBe('DONE');
    expect(await superadmins.grant('sol@example.com')).toBe('ALREADY_SO');
    expect(await superadmins.grant('nobody@example.com')).toBe('NOBODY');
    await second();
    expect((await browser.post(viewer)).data).toEqual({
      viewer: { role: 'ORG_ADMIN', organization: { slug: 'platform' } },
    });
    expect(await acts('platform')).toHaveLength(1);
    const sockets = browser.socket(serving.url, { organization: 'acme' });
    const closed = new Promise<number>((resolve) =>
      sockets.on('closed', (event) => resolve((event as { code: number }).code)),
    );
    const opened = new Promise<void>((resolve) => sockets.on('connected', () => resolve()));
    const before = (await acts('acme')).length;
    sockets.subscribe(
      { query: 'subscription { incidentEvents { sequence } }' },
      { next: () => {}, error: () => {}, complete: () => {} },
    );
    await opened;
    while ((await acts('acme')).length === before) await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await acts('acme')).at(-1)?.payload).toMatchObject({
      operation: 'SUBSCRIPTION',
      fields: ['incidentEvents'],
    });
    const began = performance.now();
    expect(await superadmins.revoke('sol@example.com')).toBe('DONE');
    expect(await closed).toBe(4403);
    expect(performance.now() - began).toBeLessThan(5_000);
    await second();
    expect((await browser.post(viewer, inside('acme'))).status).toBe(400);
    expect(await superadmins.revoke('sol@example.com')).toBe('ALREADY_SO');
    // A grant that was taken back stays on record.
    const history = await serving.database.asPlatform(
      'SELECT 1 FROM warroom.superadmin WHERE revoked_at IS NOT NULL',
    );
    expect(history).toHaveLength(1);
  });
});

describe('what cannot be written', () => {
  test('is not done: no entry, no act', async () => {
    const lost = await startServing({ writeAccess: () => Promise.reject(new Error('no room')) });
    const here = serving;
    try {
      serving = lost;
      await foundOrganization(lost.database, {
        organizationId: v7(),
        slug: 'acme',
        name: 'acme',
        at: lost.clock.now(),
        commandId: v7(),
        administrator: { userId: 'grace', name: 'Grace', email: 'grace@example.com' },
        key: null,
      });
      const browser = await signedIn('administrator@localhost');
      const declared = await browser.post(
        'mutation { declareIncident(input: { title: "x", severity: SEV4 }) { __typename } }',
        inside('acme'),
      );
      expect(declared).toMatchObject({ status: 503, errors: [{ extensions: { code: 'OVERLOADED' } }] });
      const heads = await lost.database.asPlatform(
        'SELECT sum(number)::int AS number FROM warroom.ledger_head',
      );
      expect(heads).toEqual([{ number: 0 }]);
    } finally {
      serving = here;
      await lost.stop();
    }
  });
});

describe('the page of a superadmin', () => {
  const acting = async (browser: Browser) =>
    (await browser.post<{ viewer: { organization: { slug: string } } }>(viewer)).data?.viewer.organization
      .slug;

  test('finds any organization, acts there until it is left, and says that it is recorded', async () => {
    const browser = await signedIn('administrator@localhost');
    const page = await (await browser.open('/account?find=ACM')).text();
    expect(page).toContain("written to that organization's administration ledger and access log");
    expect(page).toMatch(/acme<\/strong>/);
    expect(page).not.toContain('platform</strong>');
    const before = (await acts('acme')).length;
    await browser.open('/account', { organization: 'acme' });
    expect(await acting(browser)).toBe('acme');
    expect((await acts('acme')).length).toBe(before + 1);
    expect(await (await browser.open('/account')).text()).toContain('everything you do there is recorded');
    // What a request names itself counts for more.
    const { data } = await browser.post(viewer, inside('default'));
    expect(data).toMatchObject({ viewer: { organization: { slug: 'default' } } });
    await browser.open('/account', { stop: '1' });
    expect(browser.cookie()).not.toContain('warroom.acting');
    await browser.open('/account', { organization: 'acme' });
    await browser.open('/account', { organization: 'default' });
    expect(await acting(browser)).toBe('default');
  });

  test('a choice is of one session, and nobody else has any', async () => {
    const browser = await signedIn('administrator@localhost');
    await browser.open('/account', { organization: 'acme' });
    const [, left = ''] = /warroom\.acting=([^;]+)/.exec(browser.cookie()) ?? [];
    expect(left).not.toBe('');
    const later = await signedIn('administrator@localhost');
    later.keep('warroom.acting', left);
    later.keep('warroom.organization', 'default');
    expect(await acting(later)).toBe('default');
    await browser.open('/account', { organization: 'nowhere' });
    expect(await acting(browser)).toBe('acme');
    const grace = await signedIn('grace@example.com');
    expect(await (await grace.open('/account?find=def')).text()).not.toContain('Any organization');
    await grace.open('/account', { organization: 'default' });
    expect(grace.cookie()).not.toContain('warroom.acting');
    const [, session = '', until = ''] = /\.([\w-]+)\.(\d+)$/.exec(left) ?? [];
    grace.keep('warroom.acting', `default.${session}.${until}`);
    expect(await acting(grace)).toBe('acme');
    // A browser that keeps it for longer than it was told to, and one that says it may.
    browser.keep('warroom.organization', 'default');
    for (const other of [Number(until) - 3_601, Number(until) + 3_600]) {
      browser.keep('warroom.acting', `acme.${session}.${other}`);
      expect(await acting(browser)).toBe('default');
    }
  });
});
