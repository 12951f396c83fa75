import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeInvitation } from '../../src/app/invitations.ts';
import { toGlobalId } from '../../src/graphql/globalId.ts';
import { compareProjections } from '../../src/store/compareProjections.ts';
import { accept, invited, membersOf } from '../support/membership.ts';
import { mutate } from '../support/mutate.ts';
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

describe('an invitation', () => {
  test('makes whoever it was sent to a member of another organization, once', async () => {
    const organization = await here();
    const { userId, email, slug } = await somebody();
    const { token } = await invited(api, organization, email.toUpperCase(), 'ONCALL_ENGINEER');
    const answer = await accept(api, userId, token);
    expect(answer).toMatchObject({ __typename: 'AcceptInvitationPayload', role: 'ONCALL_ENGINEER' });
    expect(
      (await membersOf(api, organization)).find(({ user }) => user.id === toGlobalId('User', userId)),
    ).toEqual({
      user: { id: toGlobalId('User', userId), name: `Ada of ${slug}` },
      role: 'ONCALL_ENGINEER',
      since: api.clock.now(),
      invitedBy: { name: expect.stringMatching(/^Ada of here/) },
    });
    // Again by the same person changes nothing; by anybody else it is not there.
    expect(await accept(api, userId, token)).toMatchObject({ __typename: 'AcceptInvitationPayload' });
    const other = await somebody();
    expect(await accept(api, other.userId, token)).toMatchObject({ __typename: 'NotFoundError' });
    expect(await membersOf(api, organization)).toHaveLength(2);
    expect(await compareProjections(api.database, organization.organizationId)).toEqual([]);
  });

  test('opens nothing for another address, an expired, a revoked, a superseded or an unknown token', async () => {
    const organization = await here();
    const { userId, email } = await somebody();
    const stranger = await somebody();
    const first = await invited(api, organization, email, 'MEMBER');
    expect(await accept(api, stranger.userId, first.token)).toMatchObject({ __typename: 'ForbiddenError' });
    const second = await invited(api, organization, email, 'MEMBER');
    const superseded = await accept(api, userId, first.token);
    await mutate(api, organization.user('ORG_ADMIN'), 'revokeInvitation', {
      invitationId: second.invitationId,
    });
    const revoked = await accept(api, userId, second.token);
    const unknown = await accept(api, userId, `wi_${'x'.repeat(43)}`);
    expect(unknown.__typename).toBe('NotFoundError');
    expect([
      superseded,
      revoked,
      await accept(api, userId, ''),
      await accept(api, userId, 'x'.repeat(10_000)),
    ]).toEqual(Array(4).fill(unknown));
    const third = await invited(api, organization, email, 'MEMBER');
    api.clock.advance(7 * 24 * 3_600_000);
    expect(await accept(api, userId, third.token)).toMatchObject({ fields: [{ path: ['token'] }] });
    expect(await membersOf(api, organization)).toHaveLength(1);
  });

  test('is kept as a hash, and its address outside of the ledger', async () => {
    const organization = await here();
    const { token } = await invited(api, organization, 'secret-address@example.com', 'MEMBER');
    const dump = JSON.stringify([
      await api.database.asOrganization(organization.organizationId, 'SELECT * FROM warroom.ledger_event'),
      await api.database.asOrganization(
        organization.organizationId,
        'SELECT * FROM warroom.idempotency_request',
      ),
    ]);
    expect(dump).toContain('MEMBER_INVITED');
    expect(dump).not.toContain('secret-address');
    const rows = await api.database.asOrganization(
      organization.organizationId,
      `SELECT i::text AS everything, encode(token_hash, 'hex') AS hash FROM warroom.invitation i`,
    );
    expect(JSON.stringify(rows)).not.toContain(token.slice(3));
    expect(rows).toMatchObject([{ hash: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  });

  test('is mailed to its address with its link, once, and says so', async () => {
    const organization = await here();
    const admin = organization.user('ORG_ADMIN');
    await mutate(api, admin, 'renameOrganization', { name: 'Two\nLines' });
    const before = api.mails.length;
    const sent = { email: ' Mailed@Example.com', role: 'MEMBER', idempotencyKey: 'mailed' };
    const answer = await mutate(api, admin, 'inviteMember', sent);
    const again = await mutate(api, admin, 'inviteMember', sent);
    // Nobody but who reads the mail holds a link.
    expect([answer.mail, answer.url, again.mail, again.url]).toEqual(['SENT', null, null, null]);
    expect(api.mails.slice(before)).toEqual([
      {
        to: 'mailed@example.com',
        subject: 'You are invited to Two Lines on Warroom',
        text: expect.stringMatching(/\nhttps:\/\/warroom\.example\/accept-invitation\?token=wi_[\w-]{43}\n/),
      },
    ]);
  });

  test('whose mail could not be sent is shown with a link of its own, which proves no address', async () => {
    const organization = await here();
    const { email } = await somebody();
    api.mailOutcome = 'FAILED';
    const answer = await mutate(api, organization.user('ORG_ADMIN'), 'inviteMember', {
      email,
      role: 'MEMBER',
    });
    api.mailOutcome = 'SENT';
    const shown = new URL(answer.url as string).searchParams.get('token') ?? '';
    const mailed = /token=(\S+)/.exec(api.mails.at(-1)?.text ?? '')?.[1] ?? '';
    expect(shown).not.toBe(mailed);
    const seen = await Promise.all([shown, mailed].map((token) => describeInvitation(api, token)));
    expect(seen.map((one) => [one?.email, one?.isMailed, one?.isKnown])).toEqual([
      [email, false, false],
      [email, true, true],
    ]);
  });

  test('is accepted by nobody who has not shown that the address is theirs', async () => {
    const organization = await here();
    const { userId, email } = await somebody();
    await api.database.asIdentity('UPDATE warroom.users SET "emailVerified" = false WHERE id = $1', [userId]);
    const { token } = await invited(api, organization, email, 'MEMBER');
    expect(await accept(api, userId, token)).toMatchObject({
      __typename: 'ForbiddenError',
      message: expect.stringContaining('choose a new password by mail'),
    });
    expect(await membersOf(api, organization)).toHaveLength(1);
    await api.database.asIdentity('UPDATE warroom.users SET "emailVerified" = true WHERE id = $1', [userId]);
    expect(await accept(api, userId, token)).toMatchObject({ __typename: 'AcceptInvitationPayload' });
  });

  test('goes to one address five times, then once in ten minutes, whoever invites', async () => {
    const houses = [await here(), await here()];
    const invite = (index: number) =>
      mutate(api, (houses[index % 2] as TestOrganization).user('ORG_ADMIN'), 'inviteMember', {
        email: 'Often@Example.com',
        role: 'MEMBER',
        idempotencyKey: `often-${index}`,
      });
    const before = api.mails.length;
    const answers = [];
    for (let index = 0; index < 7; index += 1) answers.push(await invite(index));
    expect(answers.map(({ __typename }) => __typename)).toEqual([
      ...Array(5).fill('InviteMemberPayload'),
      ...Array(2).fill('RateLimitedError'),
    ]);
    expect(answers.at(-1)).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 600 });
    expect(api.mails.length - before).toBe(5);
    // A repeat is answered as before: it sends nothing, and nobody is invited by what was refused.
    const admin = (houses[0] as TestOrganization).user('ORG_ADMIN');
    const { data } = await api.run<{ invitations: { nodes: unknown[] } }>(
      admin,
      '{ invitations { nodes { id } } }',
    );
    expect(data.invitations.nodes).toHaveLength(3);
  });

  test('counts for nobody when it is refused or repeats an answer', async () => {
    const organization = await here();
    const input = { email: 'counted@example.com', role: 'MEMBER', idempotencyKey: 'counted' };
    for (let index = 0; index < 10; index += 1) {
      const by = organization.user('SRE_LEAD');
      expect((await mutate(api, by, 'inviteMember', input)).__typename).toBe('ForbiddenError');
    }
    for (let index = 0; index < 10; index += 1) {
      const answer = await mutate(api, organization.user('ORG_ADMIN'), 'inviteMember', input);
      expect(answer.__typename).toBe('InviteMemberPayload');
    }
  });

  test('is listed with what became of it', async () => {
    const organization = await here();
    const admin = organization.user('ORG_ADMIN');
    const { userId, email } = await somebody();
    await invited(api, organization, 'expired@example.com', 'MEMBER');
    api.clock.advance(8 * 24 * 3_600_000);
    const revoked = await invited(api, organization, 'revoked@example.com', 'MEMBER');
    await mutate(api, admin, 'revokeInvitation', { invitationId: revoked.invitationId });
    api.clock.advance(1_000);
    await accept(api, userId, (await invited(api, organization, email, 'VIEWER')).token);
    api.clock.advance(1_000);
    const open = await invited(api, organization, 'open@example.com', 'SRE_LEAD');
    const list = async (args: string) => {
      const { data } = await api.run<{ invitations: { nodes: Record<string, unknown>[] } }>(
        admin,
        `{ invitations${args} { nodes { id email role status invitedBy { name } acceptedBy { id } } } }`,
      );
      return data.invitations.nodes;
    };
    expect((await list('')).map(({ email, status }) => [email, status])).toEqual([
      ['open@example.com', 'OPEN'],
      [email, 'ACCEPTED'],
      ['revoked@example.com', 'REVOKED'],
      ['expired@example.com', 'EXPIRED'],
    ]);
    expect((await list('(open: true)')).map(({ email }) => email)).toEqual([
      'open@example.com',
      'expired@example.com',
    ]);
    expect((await list('(first: 2)'))[1]).toMatchObject({ acceptedBy: { id: toGlobalId('User', userId) } });
    const { data } = await api.run<{ node: unknown }>(
      admin,
      'query($id: ID!) { node(id: $id) { ... on Invitation { email status } } }',
      { id: open.invitationId },
    );
    expect(data.node).toEqual({ email: 'open@example.com', status: 'OPEN' });
    const lead = await api.run(organization.user('SRE_LEAD'), '{ invitations { nodes { id } } }');
    expect(lead.errors).toMatchObject([{ code: 'FORBIDDEN' }]);
  });

  test('is described to whoever holds its token, while it can be accepted', async () => {
    const organization = await here();
    const { email } = await somebody();
    const { token } = await invited(api, organization, email, 'MEMBER');
    const unknown = await invited(api, organization, 'nobody-yet@example.com', 'MEMBER');
    expect(await describeInvitation(api, token)).toMatchObject({
      organizationId: organization.organizationId,
      email,
      role: 'MEMBER',
      isKnown: true,
      inviterName: expect.stringMatching(/^Ada of here/),
    });
    expect(await describeInvitation(api, unknown.token)).toMatchObject({ isKnown: false });
    expect(await describeInvitation(api, 'wi_none')).toBeNull();
    api.clock.advance(7 * 24 * 3_600_000);
    expect(await describeInvitation(api, token)).toBeNull();
  });

  test('precedes membership: a key cannot accept one, and a role elsewhere says nothing here', async () => {
    const organization = await here();
    const { userId, email } = await somebody();
    const { token } = await invited(api, organization, email, 'MEMBER');
    const key = organization.key('ORG_ADMIN', ['READ', 'RESPOND', 'ADMIN']);
    expect(await mutate(api, key, 'acceptInvitation', { token })).toMatchObject({
      __typename: 'ForbiddenError',
      requiredRole: null,
    });
    await accept(api, userId, token);
    const { data } = await api.run<{ administrationEvents: { nodes: unknown[] } }>(
      organization.user('ORG_ADMIN'),
      '{ administrationEvents(types: [MEMBER_ADDED]) { nodes { message actor { kind role name } } } }',
    );
    expect(data.administrationEvents.nodes.at(-1)).toEqual({
      message: expect.stringContaining('accepted an invitation and became a member as MEMBER.'),
      actor: { kind: 'USER', role: null, name: expect.stringMatching(/^Ada of somebody/) },
    });
  });
});
