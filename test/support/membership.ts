import type { MemberRole } from '../../src/domain/access/actor.ts';
import type { Principal } from '../../src/domain/access/principal.ts';
import { type MutationAnswer, mutate } from './mutate.ts';
import type { TestApi, TestOrganization } from './testApi.ts';

/** A person who is signed in and a member nowhere: no organization, no role. */
function strangerOf(userId: string): Principal {
  return {
    organizationId: '00000000-0000-0000-0000-000000000000',
    organizationSlug: '',
    actor: { kind: 'USER', id: userId, role: null },
    scopes: ['READ', 'RESPOND', 'ADMIN'],
    credentialId: `session of ${userId}`,
  };
}

/** Invites somebody as an administrator; answers the token of the link in the mail. */
export async function invited(
  api: TestApi,
  here: TestOrganization,
  email: string,
  role: MemberRole,
): Promise<{ readonly token: string; readonly invitationId: string }> {
  const answer = await mutate(api, here.user('ORG_ADMIN'), 'inviteMember', { email, role });
  if (answer.__typename !== 'InviteMemberPayload') throw new Error(JSON.stringify(answer));
  const token = /token=(\S+)/.exec(api.mails.at(-1)?.text ?? '')?.[1] ?? '';
  return { token, invitationId: (answer.invitation as { id: string }).id };
}

/** Founds an organization `slug` for a person of its own, and has them join `here`; answers them acting there. */
export async function joined(
  api: TestApi,
  here: TestOrganization,
  slug: string,
  role: MemberRole,
): Promise<Principal & { readonly userId: string }> {
  const { userId } = await api.found(slug);
  const { token } = await invited(api, here, `ada@${slug}.example`, role);
  const answer = await accept(api, userId, token);
  if (answer.__typename !== 'AcceptInvitationPayload') throw new Error(JSON.stringify(answer));
  const actor = { kind: 'USER', id: userId, role } as const;
  return { ...here.user(role), actor, credentialId: `session of ${userId}`, userId };
}

/** A member as the list of members shows them. */
interface ListedMember {
  readonly user: { readonly id: string; readonly name: string };
  readonly role: string;
  readonly since: string;
  readonly invitedBy: { readonly name: string } | null;
}

/** The members of an organization, as its administrator sees them. */
export async function membersOf(api: TestApi, here: TestOrganization): Promise<readonly ListedMember[]> {
  const { data, errors } = await api.run<{ members: { nodes: ListedMember[] } }>(
    here.user('ORG_ADMIN'),
    '{ members { nodes { user { id name } role since invitedBy { name } } } }',
  );
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return data.members.nodes;
}

/** Accepts an invitation as somebody who is signed in and acts nowhere yet. */
export function accept(api: TestApi, userId: string, token: string): Promise<MutationAnswer> {
  return mutate(api, strangerOf(userId), 'acceptInvitation', { token });
}
