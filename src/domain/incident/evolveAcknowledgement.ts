import type { IncidentEventOf } from './events.ts';
import type { IncidentState } from './state.ts';

/** What an acknowledgement, or taking it back, changes. */
export function evolveAcknowledgement(
  state: IncidentState,
  event: IncidentEventOf<'INCIDENT_ACKNOWLEDGED' | 'INCIDENT_UNACKNOWLEDGED'>,
): Partial<IncidentState> {
  if (event.type === 'INCIDENT_UNACKNOWLEDGED') {
    return {
      status: 'REPORTED',
      acknowledgement: null,
      unacknowledgedAt: event.at,
      // They count again from this instant. The acknowledge SLA does not: it looks at the first acknowledgement.
      firedRules: state.firedRules.filter((fired) => fired.reason !== 'NO_ACK'),
    };
  }
  const acknowledgement = {
    actor: event.actor,
    at: event.at,
    note: event.payload.note,
    severity: event.payload.severity,
  };
  const sla = state.acknowledgeSla;
  const running = sla.metAt === null && sla.breachedAt === null && sla.endedAt === null;
  return {
    status: state.status === 'REPORTED' ? 'ACKNOWLEDGED' : state.status,
    acknowledgement,
    firstAcknowledgement: state.firstAcknowledgement ?? acknowledgement,
    // Someone has it: nothing is left to wait with.
    snoozedUntil: null,
    acknowledgeSla: running ? { ...sla, metAt: event.at } : sla,
  };
}
