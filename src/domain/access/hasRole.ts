import { type MemberRole, memberRoles } from './actor.ts';

/** Whether `role` includes `lowest`: each role includes all that come after it. Nobody's role is null but SYSTEM's. */
export function hasRole(role: MemberRole | null, lowest: MemberRole): boolean {
  return role !== null && memberRoles.indexOf(role) <= memberRoles.indexOf(lowest);
}
