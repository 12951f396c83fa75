import { refuseField, refuseForbidden, refuseNotFound } from '../refuse.ts';
import { type AdministrationVerb, happened, nothingHappened } from './decision.ts';
import { memberlessRefusal } from './platform.ts';

/** What every token that opens nothing reads as: unknown, revoked, or used by somebody else. */
export const noInvitation = refuseNotFound(
  'There is no invitation with this token that could be accepted. Ask for a new one.',
);

/**
 * Makes the person an invitation was sent to a member. It precedes membership: what allows it is the token, which the
 * caller has looked the invitation up by, and that the address is the person's own. An account that was there before
 * must have shown so: whoever saw an earlier invitation to the address could have made it.
 */
export const acceptInvitation: AdministrationVerb<'acceptInvitation'> = (input, context) => {
  const { invitationId, userId, isNew } = input;
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
  const addressee = facts.addressee(invitationId, userId);
  if (addressee === null) {
    return refuseForbidden(
      'This invitation was sent to another address. Sign in with that one, or ask for an invitation to yours.',
      {},
    );
  }
  if (facts.memberRole(userId) !== undefined) return nothingHappened;
  if (addressee === 'UNPROVEN' && isNew !== true) {
    return refuseForbidden(
      'Show first that this address is yours, as your account may have been made by somebody else: choose a new password by mail, sign in through your identity provider, or ask whoever runs this Warroom for a sign-in link. Then accept again.',
      {},
    );
  }
  if (invitation.expiresAt <= at) {
    return refuseField(['token'], 'This invitation has expired. Ask for a new one.');
  }
  return happened({ type: 'MEMBER_ADDED', payload: { userId, role: invitation.role, invitationId } });
};
