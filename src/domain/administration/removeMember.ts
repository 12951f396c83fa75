import { refuseField, refuseNotFound } from '../refuse.ts';
import { type AdministrationVerb, happened } from './decision.ts';

/** What an id that is no member's reads as: never was one, is one no longer, or is one elsewhere. */
export const noMember = refuseNotFound('There is no such member in your organization.');

/**
 * Ends a membership, also one's own. Roles and assignments on incidents stay in the record. The last administrator
 * stays: nobody could administer the organization any more.
 */
export const removeMember: AdministrationVerb<'removeMember'> = ({ userId }, { facts }) => {
  const role = facts.memberRole(userId);
  if (role === undefined) return noMember;
  if (role === 'ORG_ADMIN' && !facts.hasOtherAdministrator(userId)) {
    return refuseField(['userId'], 'This is the last administrator. Make somebody else one first.');
  }
  return happened({ type: 'MEMBER_REMOVED', payload: { userId } });
};
