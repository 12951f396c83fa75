import { refuseField, refuseForbidden, refuseNotFound } from '../refuse.ts';
import { type AdministrationVerb, happened, nothingHappened } from './decision.ts';
import { memberlessRefusal } from './platform.ts';

/** What every token that opens nothing reads as: unknown, revoked, or used by somebody else. */
export const noInvitation = refuseNotFound(
  'There is no invitation with this token that could be accepted. Ask for a new one.',
);

/**
 * Makes the person an invitation was sent to a member. It precedes membership: what allows it is the token, which the
 * caller has looked the invitation up by, and that the address is the person's own.
 */
export const acceptInvitation: AdministrationVerb<'acceptInvitation'> = (input, context) => {
  const { invitationId, userId } = input;
  const { facts, at, organizationId } = context;
  const memberless = memberlessRefusal(organizationId);
  if (memberless !== null) return memberless;
  const invitation = facts.invitation(invitationId);
  if (invitation === undefined || invitation.revokedAt !== null) return noInvitation;
  if (invitation.acceptedBy !== null) {
    return invitation.acceptedBy === userId && facts.memberRole(userId) !== undefined
      ? nothingHappened
      : noInvitation;
  }
  if (!facts.isAddressee(invitationId, userId)) {
    return refuseForbidden(
      'This invitation was sent to another address. Sign in with that one, or ask for an invitation to yours.',
      {},
    );
  }
  if (facts.memberRole(userId) !== undefined) return nothingHappened;
  if (invitation.expiresAt <= at) {
    return refuseField(['token'], 'This invitation has expired. Ask for a new one.');
  }
  return happened({ type: 'MEMBER_ADDED', payload: { userId, role: invitation.role, invitationId } });
};
