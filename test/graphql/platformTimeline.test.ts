import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foundPlatform } from '../../src/app/foundPlatform.ts';
import { verify } from '../../src/app/verify.ts';
import type { Principal } from '../../src/domain/access/principal.ts';
import { platform } from '../../src/domain/administration/platform.ts';
import { compareProjections } from '../../src/store/compareProjections.ts';
import { databaseLedgerSource } from '../../src/store/read/ledgerRows.ts';
import { actingInPlatform } from '../support/actingInPlatform.ts';
import { mutate } from '../support/mutate.ts';
import { openTestApi, type TestApi, type TestOrganization } from '../support/testApi.ts';

let api: TestApi;
let acting: Principal;
let elsewhere: TestOrganization;
let incidentId: string;

beforeAll(async () => {
  api = await openTestApi();
  acting = await actingInPlatform(api);
  elsewhere = await api.found('elsewhere');
  const declaring = { title: 'Sign-in', description: 'internal', severity: 'SEV2' };
  incidentId = (await mutate(api, acting, 'declareIncident', declaring)).incident?.id as string;
});
afterAll(() => api?.close());

interface Shown {
  readonly sequence: number;
  readonly message: string;
}

/** What a viewer of another organization is shown, all of it. */
async function shown(): Promise<readonly Shown[]> {
  const { data } = await api.run<{ platformTimeline: { nodes: Shown[] } }>(
    elsewhere.user('VIEWER'),
    `{ platformTimeline(first: 100) { nodes { sequence at message reference title severity status approvedAt } } }`,
  );
  return data.platformTimeline.nodes;
}

async function noted(message: string, isPublic: boolean): Promise<number> {
  const { sequence } = await mutate(api, acting, 'addIncidentNote', { incidentId, message, isPublic });
  return sequence as number;
}

const approve = (input: Record<string, unknown>) => mutate(api, acting, 'approvePlatformEvent', input);
const sequencesShown = async () => (await shown()).map(({ sequence }) => sequence);

describe('what the platform says to everybody', () => {
  test('is what is proposed and approved, in the words that were approved, and nothing else', async () => {
    const internal = await noted('for responders', false);
    const proposed = await noted('We are looking into it.', true);
    expect(await shown()).toEqual([]);
    expect(await approve({ sequence: internal })).toMatchObject({ __typename: 'ValidationError' });
    const answer = await approve({ sequence: proposed, idempotencyKey: 'once' });
    expect(answer).toMatchObject({ published: true, events: [{ type: 'PLATFORM_EVENT_APPROVED' }] });
    expect(await approve({ sequence: proposed, idempotencyKey: 'once' })).toEqual(answer);
    expect(await approve({ sequence: proposed })).toMatchObject({ published: true, events: [] });
    const at = api.clock.now();
    expect(await shown()).toEqual([
      {
        sequence: proposed,
        at,
        message: 'We are looking into it.',
        reference: 'INC-001',
        title: 'Sign-in',
        severity: 'SEV2',
        status: 'REPORTED',
        approvedAt: at,
      },
    ]);
  });

  test('stays as it was approved, whatever the incident is later', async () => {
    const before = await shown();
    await mutate(api, acting, 'updateIncident', { incidentId, title: 'A secret' });
    await mutate(api, acting, 'changeIncidentSeverity', { incidentId, severity: 'SEV1', reason: 'secret' });
    expect(await shown()).toEqual(before);
    await mutate(api, acting, 'updateIncident', { incidentId, title: 'Sign-in' });
  });

  test('is hidden at once by taking the proposal back, and shown again by proposing it anew', async () => {
    const sequence = await noted('Soon.', true);
    await approve({ sequence });
    expect(await sequencesShown()).toContain(sequence);
    await mutate(api, acting, 'setTimelineVisibility', { incidentId, sequence, isPublic: false });
    expect(await sequencesShown()).not.toContain(sequence);
    await mutate(api, acting, 'setTimelineVisibility', { incidentId, sequence, isPublic: true });
    expect(await sequencesShown()).toContain(sequence);
  });

  test('is hidden by taking the approval back, and approved again in other words', async () => {
    const sequence = await noted('Wrong.', true);
    await approve({ sequence });
    const answer = await mutate(api, acting, 'withdrawPlatformEvent', { sequence });
    expect(answer).toMatchObject({ published: false, events: [{ type: 'PLATFORM_EVENT_WITHDRAWN' }] });
    expect(await mutate(api, acting, 'withdrawPlatformEvent', { sequence })).toMatchObject({
      published: false,
      events: [],
    });
    expect(await sequencesShown()).not.toContain(sequence);
    await approve({ sequence, message: 'Right.' });
    expect((await shown())[0]).toMatchObject({ sequence, message: 'Right.' });
  });

  test('comes newest first, by the page', async () => {
    for (const message of ['one', 'two', 'three']) await approve({ sequence: await noted(message, true) });
    const all = await shown();
    expect(all.map(({ message }) => message).slice(0, 3)).toEqual(['three', 'two', 'one']);
    const pages: Shown[] = [];
    for (let after: string | null = null; ; ) {
      const { data }: { data: { platformTimeline: { nodes: Shown[]; pageInfo: Record<string, unknown> } } } =
        await api.run(
          elsewhere.user('VIEWER'),
          `query($after: String) { platformTimeline(first: 2, after: $after) {
             nodes { sequence message } pageInfo { hasNextPage endCursor } } }`,
          { after },
        );
      pages.push(...data.platformTimeline.nodes);
      if (data.platformTimeline.pageInfo.hasNextPage !== true) break;
      after = data.platformTimeline.pageInfo.endCursor as string;
    }
    expect(pages).toEqual(all.map(({ sequence, message }) => ({ sequence, message })));
    const wrong = await api.run(
      elsewhere.user('VIEWER'),
      '{ platformTimeline(after: "no cursor") { nodes { at } } }',
    );
    expect(wrong.errors).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
  });
});

describe('who may approve', () => {
  test('is a superadmin in the platform organization, and nobody else', async () => {
    const sequence = await noted('Not yet.', true);
    const { platformRole: _role, superadmin: _superadmin, ...administrator } = acting;
    const refused = await mutate(api, administrator, 'approvePlatformEvent', { sequence });
    expect(refused).toMatchObject({ __typename: 'ForbiddenError' });
    const away = { ...elsewhere.user('ORG_ADMIN'), platformRole: 'SUPERADMIN', superadmin: true } as const;
    expect(await mutate(api, away, 'approvePlatformEvent', { sequence: 1 })).toMatchObject({
      __typename: 'ValidationError',
      fields: [{ path: ['sequence'] }],
    });
    expect(await sequencesShown()).not.toContain(sequence);
  });
});

describe('the platform organization', () => {
  test('takes no members', async () => {
    const invited = await mutate(api, acting, 'inviteMember', { email: 'eve@example.com', role: 'VIEWER' });
    expect(invited).toMatchObject({ __typename: 'ForbiddenError' });
  });

  test('is founded once, however often it is asked for', async () => {
    await Promise.all([1, 2, 3].map(() => foundPlatform(api.database, api.clock)));
    const rows = await api.database.asPlatform(
      'SELECT slug FROM warroom.organization WHERE organization_id = $1',
      [platform.organizationId],
    );
    expect(rows).toEqual([{ slug: platform.slug }]);
  });

  test('has ledgers that verify, and projections that come of them', async () => {
    const source = databaseLedgerSource(api.database);
    const report = await verify({ source, organization: platform.slug, now: new Date().toISOString() });
    expect(report).toMatchObject({ organizations: 1, tampering: [] });
    expect(await compareProjections(api.database, platform.organizationId)).toEqual([]);
  });

  test('shows nothing through the one function without an organization, and of no other organization', async () => {
    const call = 'SELECT * FROM warroom.platform_timeline(NULL, 100)';
    expect(await api.database.asOrganization('', call)).toEqual([]);
    expect((await api.database.asOrganization(elsewhere.organizationId, call)).length).toBeGreaterThan(0);
    const own = await api.database.asOrganization(
      elsewhere.organizationId,
      'SELECT * FROM warroom.published_event',
    );
    expect(own).toEqual([]);
  });
});
