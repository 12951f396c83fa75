import { idOf } from '../globalId.ts';
import { absentId } from '../mutation/incidentMutation.ts';
import { organizationMutation } from '../mutation/organizationMutation.ts';
import { Invitation } from './invitation.ts';

organizationMutation('revokeInvitation', {
  description: 'Takes an invitation back: its link opens nothing any more.',
  fields: (t) => ({
    invitationId: t.id({ required: true, description: 'The invitation: its `id`.' }),
  }),
  prepare: ({ invitationId }) => ({
    command: { invitationId: idOf('Invitation', invitationId) ?? absentId },
  }),
  payload: (t) => ({
    invitation: t.field({
      type: Invitation,
      description: 'The invitation as it is now.',
      resolve: async ({ command }, _args, { loaders }) => {
        const invitation = await loaders.invitation.load(command.invitationId);
        if (invitation === null) throw new Error('An invitation was revoked and cannot be read.');
        return invitation;
      },
    }),
  }),
});
