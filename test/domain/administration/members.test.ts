import { describe, expect, it } from 'vitest';
import type { Actor, MemberRole } from '../../../src/domain/access/actor.ts';
import type { AdministrationCommand } from '../../../src/domain/administration/commands.ts';
import { decideAdministration } from '../../../src/domain/administration/decide.ts';
import {
  type AdministrationFacts,
  type InvitationFact,
  noFacts,
} from '../../../src/domain/administration/facts.ts';
import { platform } from '../../../src/domain/administration/platform.ts';
import { describeEvent } from '../../../src/domain/incident/describe.ts';
import { plusMinutes } from '../../../src/domain/instant.ts';
import { defaultPolicy } from '../../../src/domain/policy/defaults.ts';
import { start } from '../../support/given.ts';

const ada: Actor = { kind: 'USER', id: 'ada', role: 'ORG_ADMIN' };
const sevenDays = plusMinutes(start, 7 * 24 * 60);
const made = {
  invitationId: 'new',
  tokenHash: 'hash of the token',
  mailTokenHash: 'hash of the token in the mail',
};

/** Ada and Ben administer, Cleo does not; Dora was invited. */
const roles: Readonly<Record<string, MemberRole>> = { ada: 'ORG_ADMIN', ben: 'ORG_ADMIN', cleo: 'MEMBER' };

interface World {
  readonly roles?: Readonly<Record<string, MemberRole>>;
  readonly invitation?: Partial<InvitationFact> | null;
  readonly addressee?: 'PROVEN' | 'UNPROVEN' | null;
  readonly openTo?: readonly string[];
  readonly fullUntil?: string;
  readonly organizationId?: string;
}

function factsOf(world: World): AdministrationFacts {
  const members = world.roles ?? roles;
  const open = { role: 'MEMBER', expiresAt: sevenDays, revokedAt: null, acceptedBy: null } as const;
  return {
    ...noFacts,
    organizationName: 'Here',
    memberRole: (userId) => members[userId],
    hasOtherAdministrator: (userId) =>
      Object.entries(members).some(([id, role]) => role === 'ORG_ADMIN' && id !== userId),
    isMemberAddress: (email) => email === 'cleo@example.com',
    invitation: (id) =>
      id === 'i' && world.invitation !== null ? { ...open, ...world.invitation } : undefined,
    openInvitationsTo: () => world.openTo ?? [],
    invitationsFullUntil: world.fullUntil ?? null,
    addressee: () => (world.addressee === undefined ? 'PROVEN' : world.addressee),
  };
}

function decide(command: AdministrationCommand, world: World = {}, actor: Actor = ada) {
  return decideAdministration(command, {
    organizationId: world.organizationId ?? 'organization',
    commandId: 'command',
    actor,
    scopes: [],
    at: start,
    policy: defaultPolicy,
    facts: factsOf(world),
  });
}

/** What was decided, in short: the events' types, or the refusal's kind and field. */
function outcome(command: AdministrationCommand, world: World = {}): string {
  const decision = decide(command, world);
  if (decision.ok) return decision.events.map(({ type }) => type).join(' ') || 'nothing';
  const { refusal } = decision;
  return refusal.kind === 'ValidationError'
    ? `invalid ${refusal.fields.map(({ path }) => path.join('.')).join(' ')}`
    : refusal.kind;
}

const invite = (email: string): AdministrationCommand => ({
  name: 'inviteMember',
  input: { email, role: 'MEMBER', made },
});
const accept: AdministrationCommand = {
  name: 'acceptInvitation',
  input: { invitationId: 'i', userId: 'dora' },
};
const acceptNew: AdministrationCommand = {
  name: 'acceptInvitation',
  input: { invitationId: 'i', userId: 'dora', isNew: true },
};
const revoke: AdministrationCommand = { name: 'revokeInvitation', input: { invitationId: 'i' } };
const remove = (userId: string): AdministrationCommand => ({ name: 'removeMember', input: { userId } });
const change = (userId: string, role: MemberRole): AdministrationCommand => ({
  name: 'changeMemberRole',
  input: { userId, role },
});
const alone = { roles: { ada: 'ORG_ADMIN', cleo: 'MEMBER' } } as const;

describe('invitations', () => {
  it('are for seven days, and neither address nor token is in the ledger', () => {
    const decision = decide(invite(' Dora@Example.com '));
    if (!decision.ok) throw new Error(decision.refusal.message);
    expect(decision.events.map(({ payload }) => payload)).toEqual([
      { invitationId: 'new', role: 'MEMBER', expiresAt: sevenDays },
    ]);
    expect(JSON.stringify(decision.events)).not.toMatch(/dora|hash of the token/i);
  });

  it.each<[string, AdministrationCommand, World, string]>([
    ['an address', invite('dora@example.com'), {}, 'MEMBER_INVITED'],
    [
      'invited before: only the latest holds',
      invite('dora@example.com'),
      { openTo: ['older', 'oldest'], fullUntil: plusMinutes(start, 1) },
      'INVITATION_REVOKED INVITATION_REVOKED MEMBER_INVITED',
    ],
    ['too many', invite('dora@example.com'), { fullUntil: plusMinutes(start, 1) }, 'invalid email'],
    [
      'too many, of which one expires now',
      invite('dora@example.com'),
      { fullUntil: start },
      'MEMBER_INVITED',
    ],
    ['a member already, in whatever case', invite('CLEO@example.com'), {}, 'invalid email'],
    ['blank', invite(' '), {}, 'invalid email'],
    ['no address', invite('dora'), {}, 'invalid email'],
    ['an address nobody could sign in with', invite('dora@intranet'), {}, 'invalid email'],
    ['two addresses', invite('a@b.example, c@d.example'), {}, 'invalid email'],
    ['a header smuggled in', invite('a@b.example\r\nBcc: c@d.example'), {}, 'invalid email'],
    ['too long', invite(`${'d'.repeat(250)}@e.example`), {}, 'invalid email'],
    [
      'to the platform',
      invite('dora@example.com'),
      { organizationId: platform.organizationId },
      'ForbiddenError',
    ],
    ['revoking an open one', revoke, {}, 'INVITATION_REVOKED'],
    ['revoking a revoked one', revoke, { invitation: { revokedAt: start } }, 'nothing'],
    ['revoking an accepted one', revoke, { invitation: { acceptedBy: 'dora' } }, 'invalid invitationId'],
    ['revoking one that is not there', revoke, { invitation: null }, 'NotFoundError'],
    ['accepting an open one', accept, {}, 'MEMBER_ADDED'],
    ['accepting with an address not proven', accept, { addressee: 'UNPROVEN' }, 'ForbiddenError'],
    ['accepting with an account made for it', acceptNew, { addressee: 'UNPROVEN' }, 'MEMBER_ADDED'],
    ['accepting another’s with an account made for it', acceptNew, { addressee: null }, 'ForbiddenError'],
    ['accepting one at its very end', accept, { invitation: { expiresAt: start } }, 'invalid token'],
    [
      'accepting one a moment before',
      accept,
      { invitation: { expiresAt: plusMinutes(start, 1) } },
      'MEMBER_ADDED',
    ],
    ['accepting a revoked one', accept, { invitation: { revokedAt: start } }, 'NotFoundError'],
    ['accepting one that is not there', accept, { invitation: null }, 'NotFoundError'],
    ['accepting what another accepted', accept, { invitation: { acceptedBy: 'erin' } }, 'NotFoundError'],
    [
      'accepting once more',
      accept,
      { invitation: { acceptedBy: 'dora' }, roles: { dora: 'VIEWER' } },
      'nothing',
    ],
    [
      'accepting once more, after being removed',
      accept,
      { invitation: { acceptedBy: 'dora' } },
      'NotFoundError',
    ],
    ['accepting with another address', accept, { addressee: null }, 'ForbiddenError'],
    ['accepting as a member: the role stays', accept, { roles: { dora: 'VIEWER' } }, 'nothing'],
    ['accepting into the platform', accept, { organizationId: platform.organizationId }, 'ForbiddenError'],
  ])('%s', (_case, command, world, expected) => {
    expect(outcome(command, world)).toBe(expected);
  });

  it('give the role they were made with, and say which one they are', () => {
    const decision = decide(accept, { invitation: { role: 'SRE_LEAD' } });
    expect(decision.ok && decision.events[0]?.payload).toEqual({
      userId: 'dora',
      role: 'SRE_LEAD',
      invitationId: 'i',
    });
  });
});

describe('members', () => {
  it.each<[string, AdministrationCommand, World, string]>([
    ['removing a member', remove('cleo'), {}, 'MEMBER_REMOVED'],
    ['removing one of two administrators', remove('ben'), {}, 'MEMBER_REMOVED'],
    ['leaving while another administrator remains', remove('ada'), {}, 'MEMBER_REMOVED'],
    ['removing the last administrator', remove('ada'), alone, 'invalid userId'],
    ['removing a member beside the last administrator', remove('cleo'), alone, 'MEMBER_REMOVED'],
    ['removing nobody', remove('erin'), {}, 'NotFoundError'],
    ['raising a role', change('cleo', 'SRE_LEAD'), {}, 'MEMBER_ROLE_CHANGED'],
    ['lowering a role', change('ben', 'VIEWER'), {}, 'MEMBER_ROLE_CHANGED'],
    ['lowering the last administrator', change('ada', 'SRE_LEAD'), alone, 'invalid role'],
    ['the last administrator stays one', change('ada', 'ORG_ADMIN'), alone, 'nothing'],
    ['a second administrator', change('cleo', 'ORG_ADMIN'), alone, 'MEMBER_ROLE_CHANGED'],
    ['the role they have', change('cleo', 'MEMBER'), {}, 'nothing'],
    ['the role of nobody', change('erin', 'MEMBER'), {}, 'NotFoundError'],
  ])('%s', (_case, command, world, expected) => {
    expect(outcome(command, world)).toBe(expected);
  });
});

describe('the organization', () => {
  const rename = (name: string): AdministrationCommand => ({ name: 'renameOrganization', input: { name } });
  const found = (slug: string, administrator: { userId: string } | null): AdministrationCommand => ({
    name: 'foundOrganization',
    input: { slug, name: 'New', administrator },
  });

  it.each<[string, AdministrationCommand, World, string]>([
    ['another name', rename('There'), {}, 'ORGANIZATION_RENAMED'],
    ['the name it has', rename(' Here '), {}, 'nothing'],
    ['no name', rename(' '), {}, 'invalid name'],
    ['too long a name', rename('x'.repeat(101)), {}, 'invalid name'],
    ['the reserved slug', found('platform', { userId: 'ada' }), {}, 'invalid slug'],
    ['nobody to administer it', found('new', null), {}, 'invalid administrator'],
    [
      'the platform',
      found('platform', null),
      { organizationId: platform.organizationId },
      'ORGANIZATION_CREATED',
    ],
    [
      'the platform by another name, with a member',
      found('new', { userId: 'ada' }),
      { organizationId: platform.organizationId },
      'invalid slug administrator',
    ],
  ])('%s', (_case, command, world, expected) => {
    expect(outcome(command, world)).toBe(expected);
  });
});

it('every event is a sentence', () => {
  const dora: Actor = { kind: 'USER', id: 'dora', role: null };
  const told = (command: AdministrationCommand, actor: Actor = ada): string[] => {
    const decision = decide(command, {}, actor);
    const names = {
      actor: ({ id }: Actor) => `${id}`.replace(/^./, (letter) => letter.toUpperCase()),
      user: (id: string) => id.replace(/^./, (letter) => letter.toUpperCase()),
      incident: () => '',
      name: () => '',
    };
    return decision.ok ? decision.events.map((event) => describeEvent(event, names)) : [];
  };
  expect(
    [
      told({ name: 'renameOrganization', input: { name: 'There' } }),
      told(invite('dora@example.com')),
      told(revoke),
      told(accept, dora),
      told(change('cleo', 'SRE_LEAD')),
      told(remove('cleo')),
      told(remove('ada')),
    ].flat(),
  ).toEqual([
    'Ada renamed the organization to There.',
    `Ada invited somebody as MEMBER, until ${sevenDays}.`,
    'Ada took an invitation back.',
    'Dora accepted an invitation and became a member as MEMBER.',
    'Ada made Cleo SRE_LEAD; they were MEMBER.',
    'Ada removed Cleo.',
    'Ada left the organization.',
  ]);
});
