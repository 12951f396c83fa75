import { refuseField, refuseNotFound } from '../refuse.ts';
import { type AdministrationVerb, happened, nothingHappened } from './decision.ts';

/** Takes an invitation back, so that it cannot be accepted any more; one already taken back stays so. */
export const revokeInvitation: AdministrationVerb<'revokeInvitation'> = ({ invitationId }, { facts }) => {
  const invitation = facts.invitation(invitationId);
  if (invitation === undefined) return refuseNotFound('There is no such invitation in your organization.');
  if (invitation.acceptedBy !== null) {
    return refuseField(['invitationId'], 'This invitation was accepted already; remove the member instead.');
  }
  if (invitation.revokedAt !== null) return nothingHappened;
  return happened({ type: 'INVITATION_REVOKED', payload: { invitationId } });
};
