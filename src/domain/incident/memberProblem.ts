import type { Facts } from './decision.ts';

/** Why this user cannot be given anything here, or null: only members of the organization can. */
export function memberProblem(userId: string, facts: Pick<Facts, 'isMember'>): string | null {
  return facts.isMember(userId) ? null : 'This user is not a member of your organization.';
}
