import { isEmailAddress } from '../emailAddress.ts';
import { InputCheck } from '../inputCheck.ts';
import { plusMinutes } from '../instant.ts';
import { refuseField } from '../refuse.ts';
import { type AdministrationFact, type AdministrationVerb, happened } from './decision.ts';
import { memberlessRefusal } from './platform.ts';

/** How long an invitation can be accepted, in days. Source: people invite each other within a working week. */
const invitationDays = 7;

/** Invitations that may be open at a time: enough to invite a company, too few to send mail to the world. */
const openInvitationsLimit = 1_000;

/** An address as it is compared and kept: sign-in keeps addresses in lower case, too. */
export function addressKey(email: string): string {
  return email.trim().toLowerCase();
}

/**
 * Invites somebody by email address, for seven days. An earlier open invitation to the address is revoked: only the
 * latest link works. The ledger keeps neither the address nor the token.
 */
export const inviteMember: AdministrationVerb<'inviteMember'> = (input, context) => {
  const { facts, at, organizationId } = context;
  const memberless = memberlessRefusal(organizationId);
  if (memberless !== null) return memberless;
  const check = new InputCheck();
  const email = addressKey(check.text('email', input.email, 254));
  if (email !== '' && !isEmailAddress(email)) {
    check.note('email', 'An email address is expected, e.g. ada@example.com.');
  }
  if (check.refusal !== null) return check.refusal;
  if (facts.isMemberAddress(email)) {
    return refuseField(['email'], 'Somebody with this address is a member already.');
  }
  const superseded = facts.openInvitationsTo(email);
  const fullUntil = facts.invitationsFullUntil;
  if (superseded.length === 0 && fullUntil !== null && fullUntil > at) {
    return refuseField(
      ['email'],
      `At most ${openInvitationsLimit} invitations can be open; revoke some that are not needed any more.`,
    );
  }
  const revoked = superseded.map(
    (invitationId): AdministrationFact => ({ type: 'INVITATION_REVOKED', payload: { invitationId } }),
  );
  const { invitationId } = input.made;
  const expiresAt = plusMinutes(at, invitationDays * 24 * 60);
  return happened(...revoked, {
    type: 'MEMBER_INVITED',
    payload: { invitationId, role: input.role, expiresAt },
  });
};
