import { type AdministrationVerb, happened, nothingHappened } from './decision.ts';
import { superadminRefusal } from './platform.ts';

/** Takes back that a person acts in every organization. */
export const revokeSuperadmin: AdministrationVerb<'revokeSuperadmin'> = ({ userId }, context) => {
  const refusal = superadminRefusal(context.organizationId);
  if (refusal !== null) return refusal;
  if (!context.facts.isSuperadmin(userId)) return nothingHappened;
  return happened({ type: 'SUPERADMIN_REVOKED', payload: { userId } });
};
