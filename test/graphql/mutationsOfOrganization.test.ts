import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toGlobalId } from '../../src/graphql/globalId.ts';
import { invited, joined } from '../support/membership.ts';
import { mutate } from '../support/mutate.ts';
import { openTestApi, type TestApi, type TestOrganization } from '../support/testApi.ts';
import { type CaseIds, noIds } from './mutationCase.ts';
import { organizationCases } from './organizationCases.ts';

let api: TestApi;
let here: TestOrganization;
let foreign: TestOrganization;

beforeAll(async () => {
  api = await openTestApi();
  here = await api.found('here');
  foreign = await api.found('foreign');
});
afterAll(() => api?.close());

const administrator = () => here.user('ORG_ADMIN');

async function apiKeyId(): Promise<string> {
  const key = { name: 'a key', role: 'MEMBER', scopes: ['INGEST'] };
  const answer = await mutate(api, administrator(), 'createApiKey', key);
  return (answer.apiKey as { id: string }).id;
}

let people = 0;

/** Somebody new in the organization. */
async function memberId(): Promise<string> {
  people += 1;
  return toGlobalId('User', (await joined(api, here, `guest-${people}`, 'MEMBER')).userId);
}

async function invitationId(): Promise<string> {
  people += 1;
  return (await invited(api, here, `guest-${people}@example.com`, 'MEMBER')).invitationId;
}

async function created(kind: 'Team' | 'Service' | 'Project'): Promise<string> {
  people += 1;
  const answer = await mutate(api, administrator(), `create${kind}`, { name: `${kind} ${people}` });
  return (answer[kind.toLowerCase()] as { id: string }).id;
}

/** Everything a case may be about, made afresh. */
async function freshIds(): Promise<CaseIds> {
  const ids: CaseIds = {
    ...noIds,
    apiKeyId: await apiKeyId(),
    memberId: await memberId(),
    invitationId: await invitationId(),
    teamIds: [await created('Team'), await created('Team')],
    serviceIds: [await created('Service'), await created('Service')],
    projectIds: [await created('Project'), await created('Project')],
  };
  const webhook = { source: 'imports', url: 'https://imports.example.com' };
  await mutate(api, administrator(), 'setActionWebhook', webhook);
  const joining = { teamId: ids.teamIds[0], userId: ids.memberId };
  const answer = await mutate(api, administrator(), 'addTeamMember', joining);
  expect(answer.events).toHaveLength(1);
  return ids;
}

describe.each(Object.entries(organizationCases))('%s', (name, of) => {
  const input = async () => of.input(await freshIds());

  test('does it once, however often it is sent with one key', async () => {
    const sent = { ...(await input()), idempotencyKey: `once ${name}` };
    const first = await mutate(api, administrator(), name, sent);
    expect(first.__typename).toMatch(/Payload$/);
    expect(first.events?.map((event) => event.type)).toEqual([of.event]);
    const again = await mutate(api, administrator(), name, sent);
    expect(again.events).toEqual(first.events);
    expect(again.sequence).toBe(first.sequence);
    if (name === 'inviteMember') {
      expect([first.mail, first.url, again.mail, again.url]).toEqual(['SENT', null, null, null]);
      expect(again.invitation).toEqual(first.invitation);
    }
    if (name === 'createApiKey') {
      expect(first.secret).toMatch(/^wr_\w{8}_[\w-]{43}$/);
      expect(again.secret).toBeNull();
      expect(again.apiKey).toEqual(first.apiKey);
    }
  });

  test('needs ORG_ADMIN and ADMIN', async () => {
    const sent = await input();
    expect(await mutate(api, here.user('SRE_LEAD'), name, sent)).toMatchObject({
      __typename: 'ForbiddenError',
      requiredRole: 'ORG_ADMIN',
    });
    expect(await mutate(api, here.key('ORG_ADMIN', ['READ', 'RESPOND']), name, sent)).toMatchObject({
      __typename: 'ForbiddenError',
      requiredScope: 'ADMIN',
    });
  });

  if (of.invalid !== null)
    test('names every field that is not acceptable', async () => {
      const answer = await mutate(api, administrator(), name, of.invalid?.input ?? {});
      expect(answer.__typename).toBe('ValidationError');
      expect(answer.fields?.map((field) => field.path.join('.')).sort()).toEqual(
        [...(of.invalid?.paths ?? [])].sort(),
      );
    });

  if (name.startsWith('set'))
    test('is refused when what it sets has moved on', async () => {
      const sent = await input();
      expect(await mutate(api, administrator(), name, { ...sent, expectedVersion: 1_000 })).toMatchObject({
        __typename: 'ConflictError',
        code: 'CONFLICT',
      });
    });
});

test("revokeApiKey does not find another organization's key", async () => {
  const key = { name: 'theirs', role: 'VIEWER', scopes: ['READ'] };
  const theirs = await mutate(api, foreign.user('ORG_ADMIN'), 'createApiKey', key);
  for (const apiKeyId of [(theirs.apiKey as { id: string }).id, 'nonsense']) {
    const answer = await mutate(api, administrator(), 'revokeApiKey', { apiKeyId });
    expect(answer).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND' });
  }
});
