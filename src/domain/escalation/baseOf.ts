import type { IncidentState } from '../incident/state.ts';
import { type EscalationReason, isOpen } from '../incident/vocabulary.ts';
import type { Instant } from '../instant.ts';

/**
 * The instant from which a rule of this reason counts for this incident, or null while its clock stands still: it is
 * not open, it is acknowledged (NO_ACK), nobody has acknowledged it yet or a root cause is known (NO_ROOT_CAUSE), it
 * was not raised to what it is now (SEVERITY_RAISED). A person's MANUAL escalation has no clock.
 */
export function baseOf(reason: EscalationReason, state: IncidentState): Instant | null {
  if (!isOpen(state.status)) return null;
  switch (reason) {
    case 'NO_ACK':
      return state.acknowledgement === null ? unacknowledgedSince(state) : null;
    case 'NO_ROOT_CAUSE':
      return state.rootCause === null ? (state.firstAcknowledgement?.at ?? null) : null;
    case 'SEVERITY_RAISED':
      return state.severity === 'SEV1' || state.severity === 'SEV2' ? state.severityRaisedAt : null;
    case 'MANUAL':
      return null;
  }
}

/** Since when an incident without an acknowledgement waits for one: its report, or what took the last one away. */
function unacknowledgedSince(state: IncidentState): Instant {
  let since = state.reportedAt;
  for (const at of [state.unacknowledgedAt, state.reopenedAt]) {
    if (at !== null && at > since) since = at;
  }
  return since;
}
