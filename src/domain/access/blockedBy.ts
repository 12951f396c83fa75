import { referenceOf } from '../incident/state.ts';
import type { IncidentSeverity } from '../incident/vocabulary.ts';
import type { Instant } from '../instant.ts';
import type { MemberRole } from './actor.ts';

/** An incident that blocks sessions, and who is at work on it. */
export interface BlockingIncident {
  readonly incidentId: string;
  /** The INC number. */
  readonly number: number;
  readonly title: string;
  readonly severity: IncidentSeverity;
  readonly blockedAt: Instant;
  /** Users who are its commander, tech lead, comms lead or assignee. */
  readonly responders: readonly string[];
}

/** A member, as far as the session gate asks. */
export interface GateMember {
  readonly userId: string;
  readonly role: MemberRole;
}

/**
 * The incident that keeps this member out of other systems: of these, longest blocking first, the first one they are
 * not at work on. Null when none does; administrators are never kept out. Source: rules.md, Session gate.
 */
export function blockedBy(
  { userId, role }: GateMember,
  blocking: readonly BlockingIncident[],
): BlockingIncident | null {
  if (role === 'ORG_ADMIN') return null;
  return blocking.find(({ responders }) => !responders.includes(userId)) ?? null;
}

/** Why someone is blocked and what ends it, in sentences for a person. */
export function gateReason({ number, severity, blockedAt }: BlockingIncident): string {
  return `${referenceOf(number)} (${severity}) is not acknowledged, and blocks sessions since ${blockedAt}. It does until someone acknowledges, resolves or cancels it, or lowers its severity.`;
}
