import { v7 } from 'uuid';
import { MemberRoleEnum } from '../enums.ts';
import { organizationMutation } from '../mutation/organizationMutation.ts';
import { Invitation } from './invitation.ts';
import { makeToken } from './makeToken.ts';

organizationMutation('inviteMember', {
  description:
    'Invites somebody by email address: whoever signs in with it can accept once, within seven days. An earlier open invitation to the address ends.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'Their email address, at most 254 characters.' }),
    role: t.field({ type: MemberRoleEnum, required: true, description: 'What they will be able to do.' }),
  }),
  prepare: ({ email, role }) => {
    const { token, tokenHash } = makeToken();
    return { command: { email, role, made: { invitationId: v7(), tokenHash } }, secret: token };
  },
  payload: (t) => ({
    invitation: t.field({
      type: Invitation,
      description: 'The invitation as it is now.',
      resolve: async ({ entries }, _args, { loaders }) => {
        const event = entries.at(-1)?.event;
        const id = event?.type === 'MEMBER_INVITED' ? event.payload.invitationId : '';
        const invitation = id === '' ? null : await loaders.invitation.load(id);
        if (invitation === null) throw new Error('An invitation was made and cannot be read.');
        return invitation;
      },
    }),
    url: t.field({
      type: 'URL',
      nullable: true,
      description:
        'Where it is accepted. Shown once, kept nowhere: pass it on if no mail is sent. Null on a repeat of an idempotency key.',
      resolve: ({ secret }, _args, { publicUrl }) =>
        secret === null ? null : `${publicUrl()}/accept-invitation?token=${secret}`,
    }),
  }),
});
