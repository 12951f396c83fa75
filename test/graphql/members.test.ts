import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHandle } from '../../src/app/handle.ts';
import { platform } from '../../src/domain/administration/platform.ts';
import { toGlobalId } from '../../src/graphql/globalId.ts';
import { createLog } from '../../src/log.ts';
import { compareProjections } from '../../src/store/compareProjections.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { accept, invited, joined, membersOf } from '../support/membership.ts';
import { declare, mutate } from '../support/mutate.ts';
import { openTestApi, type TestApi, type TestOrganization } from '../support/testApi.ts';

let api: TestApi;
let organizations = 0;

beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api?.close());

/** A fresh organization: what one test does to members is no other's business. */
async function here(): Promise<TestOrganization> {
  organizations += 1;
  return api.found(`here-${organizations}`);
}

/** Somebody who is a member elsewhere, with the address `ada@<slug>.example`. */
async function somebody(): Promise<{
  readonly userId: string;
  readonly email: string;
  readonly slug: string;
}> {
  organizations += 1;
  const slug = `somebody-${organizations}`;
  const { userId } = await api.found(slug);
  return { userId, slug, email: `ada@${slug}.example` };
}

describe('members', () => {
  test('who leave keep their name in the record, and can be given nothing any more', async () => {
    const organization = await here();
    const admin = organization.user('ORG_ADMIN');
    organizations += 1;
    const guest = await joined(api, organization, `guest-${organizations}`, 'ONCALL_ENGINEER');
    const person = toGlobalId('User', guest.userId);
    const { id: incidentId } = await declare(api, guest);
    await mutate(api, admin, 'assignIncident', { incidentId, userId: person });
    expect(await mutate(api, admin, 'removeMember', { userId: person })).toMatchObject({
      user: { name: `Ada of guest-${organizations}`, email: null, isMember: false },
    });
    const { data } = await api.run<{ incident: unknown }>(
      admin,
      'query($id: ID!) { incident(id: $id) { assignee { id name isMember } reportedBy { name } } }',
      { id: incidentId },
    );
    const name = `Ada of guest-${organizations}`;
    expect(data.incident).toEqual({
      assignee: { id: person, name, isMember: false },
      reportedBy: { name },
    });
    const again = { incidentId, role: 'COMMANDER', userId: person };
    expect(await mutate(api, admin, 'assignIncidentRole', again)).toMatchObject({
      fields: [{ path: ['userId'] }],
    });
    expect(await mutate(api, admin, 'removeMember', { userId: person })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await membersOf(api, organization)).toHaveLength(1);
    // They come back by another invitation, as if for the first time.
    const { token } = await invited(api, organization, `ada@guest-${organizations}.example`, 'VIEWER');
    expect(await accept(api, guest.userId, token)).toMatchObject({ role: 'VIEWER' });
    expect(await membersOf(api, organization)).toHaveLength(2);
    expect(await compareProjections(api.database, organization.organizationId)).toEqual([]);
  });

  test('of another organization read as nobody', async () => {
    const organization = await here();
    const admin = organization.user('ORG_ADMIN');
    const foreign = await somebody();
    const theirs = await invited(api, await here(), 'x@example.com', 'MEMBER');
    for (const [name, input, absent] of [
      [
        'removeMember',
        { userId: toGlobalId('User', foreign.userId) },
        { userId: toGlobalId('User', 'nobody') },
      ],
      [
        'changeMemberRole',
        { userId: toGlobalId('User', foreign.userId), role: 'VIEWER' },
        { userId: 'nonsense', role: 'VIEWER' },
      ],
      [
        'revokeInvitation',
        { invitationId: theirs.invitationId },
        { invitationId: toGlobalId('Invitation', randomUUID()) },
      ],
    ] as const) {
      const answer = await mutate(api, admin, name, input);
      expect(answer.__typename).toBe('NotFoundError');
      expect(answer).toEqual(await mutate(api, admin, name, absent));
    }
  });

  test('keep one administrator when two instances decide on the same moment', async () => {
    const organization = await here();
    organizations += 1;
    const second = await joined(api, organization, `admin-${organizations}`, 'ORG_ADMIN');
    const administrators = [organization.userId, second.userId] as const;
    let loads = 0;
    let both = (): void => {};
    const bothLoaded = new Promise<void>((resolve) => {
      both = resolve;
    });
    // Each instance has a queue of its own, and both have read the database before either writes.
    const instances = administrators.map(() => {
      const store = createPostgresStore(api.database);
      return createHandle({
        store: {
          ...store,
          async load(request) {
            const loaded = await store.load(request);
            loads += 1;
            if (loads === 2) both();
            await bothLoaded;
            return loaded;
          },
        },
        clock: api.clock,
        inbox: { committed: () => {}, ring: () => {} },
        log: createLog('silent'),
      });
    });
    const answers = await Promise.all(
      administrators.map((userId, index) =>
        instances[index]?.({
          organizationId: organization.organizationId,
          actor: { kind: 'USER', id: administrators[1 - index] ?? '', role: 'ORG_ADMIN' },
          target: { by: 'administration' },
          command:
            index === 0
              ? { name: 'removeMember', input: { userId } }
              : { name: 'changeMemberRole', input: { userId, role: 'VIEWER' } },
        }),
      ),
    );
    expect(answers.map((answer) => answer?.kind).sort()).toEqual(['done', 'refused']);
    const left = await api.database.asOrganization(
      organization.organizationId,
      `SELECT user_id FROM warroom.membership WHERE role = 'ORG_ADMIN'`,
    );
    expect(left).toHaveLength(1);
    expect(await compareProjections(api.database, organization.organizationId)).toEqual([]);
  });
});

describe('organizations', () => {
  const superadmin = (organization: TestOrganization) => ({
    ...organization.user('ORG_ADMIN'),
    superadmin: true as const,
    platformRole: 'SUPERADMIN' as const,
  });

  test('are founded by a superadmin, who is their administrator', async () => {
    const organization = await here();
    const sent = { slug: 'founded', name: 'Founded', idempotencyKey: 'found' };
    const refused = await mutate(api, organization.user('ORG_ADMIN'), 'createOrganization', sent);
    expect(refused).toMatchObject({ __typename: 'ForbiddenError' });
    const answer = await mutate(api, superadmin(organization), 'createOrganization', sent);
    expect(answer).toMatchObject({ organization: { slug: 'founded', name: 'Founded' } });
    // The same intent again is the same organization; another intent finds the slug taken.
    expect(await mutate(api, superadmin(organization), 'createOrganization', sent)).toEqual(answer);
    expect(
      await mutate(api, superadmin(organization), 'createOrganization', { ...sent, name: 'Other' }),
    ).toMatchObject({ __typename: 'IdempotencyError' });
    for (const slug of ['founded', platform.slug, 'No Slug', '']) {
      const taken = await mutate(api, superadmin(organization), 'createOrganization', { slug, name: 'x' });
      expect(taken).toMatchObject({ __typename: 'ValidationError', fields: [{ path: ['slug'] }] });
    }
    const [row] = await api.database.asPlatform<{ id: string }>(
      `SELECT organization_id AS id FROM warroom.organization WHERE slug = 'founded'`,
    );
    const members = await api.database.asOrganization(
      row?.id ?? '',
      'SELECT user_id, role FROM warroom.membership',
    );
    expect(members).toEqual([{ user_id: organization.userId, role: 'ORG_ADMIN' }]);
    expect(await compareProjections(api.database, row?.id ?? '')).toEqual([]);
  });

  test('are renamed, and keep their slug', async () => {
    const organization = await here();
    const admin = organization.user('ORG_ADMIN');
    const answer = await mutate(api, admin, 'renameOrganization', { name: ' Elsewhere ' });
    expect(answer).toMatchObject({ organization: { slug: admin.organizationSlug, name: 'Elsewhere' } });
    expect(answer.events?.map(({ type }) => type)).toEqual(['ORGANIZATION_RENAMED']);
    const again = await mutate(api, admin, 'renameOrganization', { name: 'Elsewhere' });
    // Nothing was written, and the ledger stands where it stood.
    expect([again.events, again.sequence]).toEqual([[], answer.sequence]);
    const { data } = await api.run(admin, '{ viewer { organization { name } } }');
    expect(data).toEqual({ viewer: { organization: { name: 'Elsewhere' } } });
    expect(await compareProjections(api.database, organization.organizationId)).toEqual([]);
  });
});
