import type { Refused } from '../incident/decision.ts';
import { refuseField, refuseForbidden } from '../refuse.ts';

/**
 * The reserved organization that platform-wide incidents live in: the same id in every installation. Nobody is a
 * member of it. Source: rules.md, Platform.
 */
export const platform = {
  organizationId: '00000000-0000-7000-8000-000000000001',
  slug: 'platform',
  name: 'Platform',
} as const;

/** Why superadmins are not made in this organization, or null in the one whose ledger says who is one. */
export function superadminRefusal(organizationId: string): Refused | null {
  if (organizationId === platform.organizationId) return null;
  return refuseForbidden("Who is a superadmin is in the platform's ledger alone.", {});
}

/** Why this organization publishes nothing to the others, or null when it is the one that does. */
export function unpublishedRefusal(organizationId: string): Refused | null {
  if (organizationId === platform.organizationId) return null;
  return refuseField(
    ['sequence'],
    'Only the platform organization shows its timeline to the others: act in it to approve.',
  );
}

/** Why nobody can become a member of this organization, or null when people can. */
export function memberlessRefusal(organizationId: string): Refused | null {
  if (organizationId !== platform.organizationId) return null;
  return refuseForbidden('The platform organization has no members.', {});
}
