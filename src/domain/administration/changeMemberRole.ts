import { refuseField } from '../refuse.ts';
import { type AdministrationVerb, happened, nothingHappened } from './decision.ts';
import { noMember } from './removeMember.ts';

/** Gives a member another role. The last administrator stays one. */
export const changeMemberRole: AdministrationVerb<'changeMemberRole'> = ({ userId, role }, { facts }) => {
  const roleBefore = facts.memberRole(userId);
  if (roleBefore === undefined) return noMember;
  if (roleBefore === role) return nothingHappened;
  if (roleBefore === 'ORG_ADMIN' && !facts.hasOtherAdministrator(userId)) {
    return refuseField(['role'], 'This is the last administrator. Make somebody else one first.');
  }
  return happened({ type: 'MEMBER_ROLE_CHANGED', payload: { userId, roleBefore, role } });
};
