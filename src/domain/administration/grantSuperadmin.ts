import { type AdministrationVerb, happened, nothingHappened } from './decision.ts';
import { superadminRefusal } from './platform.ts';

/** Lets a person act in every organization, from the command line alone. */
export const grantSuperadmin: AdministrationVerb<'grantSuperadmin'> = ({ userId }, context) => {
  const refusal = superadminRefusal(context.organizationId);
  if (refusal !== null) return refusal;
  if (context.facts.isSuperadmin(userId)) return nothingHappened;
  return happened({ type: 'SUPERADMIN_GRANTED', payload: { userId } });
};
