import type { Instant } from '../../domain/instant.ts';
import type { InvitationRow } from '../../store/read/invitations.ts';
import { ActorType } from '../actor/actor.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import { describedEnum, MemberRoleEnum } from '../enums.ts';
import { User } from '../user/user.ts';

const statuses = ['OPEN', 'ACCEPTED', 'REVOKED', 'EXPIRED'] as const;

const InvitationStatusEnum = describedEnum('InvitationStatus', 'What became of an invitation.', statuses, {
  OPEN: 'It can be accepted.',
  ACCEPTED: 'Whoever it was sent to became a member by it.',
  REVOKED: 'It was taken back, or a later one to the same address took its place.',
  EXPIRED: 'Nobody accepted it in time.',
});

function statusOf(invitation: InvitationRow, now: Instant): (typeof statuses)[number] {
  if (invitation.acceptedAt !== null) return 'ACCEPTED';
  if (invitation.revokedAt !== null) return 'REVOKED';
  return invitation.expiresAt <= now ? 'EXPIRED' : 'OPEN';
}

/** An invitation, never its token. */
export const Invitation = builder.node(builder.objectRef<InvitationRow>('Invitation'), {
  description: 'An invitation to become a member. Its link is shown once, when it is made.',
  id: { resolve: (invitation) => invitation.id },
  loadMany: (ids, context) => {
    authorizeRead('invitations', context);
    return ids.map((id) => context.loaders.invitation.load(id));
  },
  fields: (t) => ({
    email: t.expose('email', { type: 'EmailAddress', description: 'The address it was sent to.' }),
    role: t.expose('role', { type: MemberRoleEnum, description: 'What whoever accepts it may do.' }),
    status: t.field({
      type: InvitationStatusEnum,
      description: 'What became of it.',
      resolve: (invitation, _args, { clock }) => statusOf(invitation, clock.now()),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    invitedBy: t.expose('invitedBy', { type: ActorType, description: 'Who made it.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'Until when it can be accepted: seven days.',
    }),
    acceptedAt: t.expose('acceptedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was accepted; null while it was not.',
    }),
    acceptedBy: t.field({
      type: User,
      nullable: true,
      description: 'Who accepted it; null while nobody did.',
      resolve: ({ acceptedBy }, _args, { loaders }) =>
        acceptedBy === null ? null : loaders.user.load(acceptedBy),
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was taken back; null while it was not.',
    }),
  }),
});

/** A page of invitations. */
export const InvitationConnection = builder.connectionObject({
  type: Invitation,
  name: 'InvitationConnection',
  description: 'A page of invitations, newest first.',
});
