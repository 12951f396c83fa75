import type { IncidentState } from '../incident/state.ts';
import { type Instant, plusMinutes } from '../instant.ts';
import type { EscalationRule } from '../policy/policy.ts';

/**
 * When a rule fires that counts from `base`: its minutes later, but for want of an acknowledgement not while the
 * incident is snoozed.
 */
export function escalationInstant(
  { reason, afterMinutes }: EscalationRule,
  base: Instant,
  { snoozedUntil }: Pick<IncidentState, 'snoozedUntil'>,
): Instant {
  const dueAt = plusMinutes(base, afterMinutes);
  return reason === 'NO_ACK' && snoozedUntil !== null && snoozedUntil > dueAt ? snoozedUntil : dueAt;
}
