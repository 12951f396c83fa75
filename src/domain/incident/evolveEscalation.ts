import type { IncidentEventOf } from './events.ts';
import { type FiredRule, type IncidentState, listLimit } from './state.ts';

/** What an escalation, a snooze or a notice of the clocks changes. */
export function evolveEscalation(
  state: IncidentState,
  event: IncidentEventOf<
    | 'INCIDENT_ESCALATED'
    | 'INCIDENT_SNOOZED'
    | 'INCIDENT_SLA_AT_RISK'
    | 'INCIDENT_SLA_BREACHED'
    | 'INCIDENT_AUTO_RESOLVE_WARNED'
  >,
): Partial<IncidentState> {
  switch (event.type) {
    case 'INCIDENT_ESCALATED':
      return escalated(state, event);
    case 'INCIDENT_SNOOZED':
      return { snoozedUntil: event.payload.until > event.at ? event.payload.until : null };
    case 'INCIDENT_AUTO_RESOLVE_WARNED':
      return { autoResolveWarnedAt: event.at };
    case 'INCIDENT_SLA_AT_RISK':
      return event.payload.kind === 'ACKNOWLEDGE'
        ? { acknowledgeSla: { ...state.acknowledgeSla, atRiskNotedAt: event.at } }
        : { resolveSla: { ...state.resolveSla, atRiskNotedAt: event.at } };
    case 'INCIDENT_SLA_BREACHED':
      return event.payload.kind === 'ACKNOWLEDGE'
        ? { acknowledgeSla: { ...state.acknowledgeSla, breachedAt: event.at } }
        : { resolveSla: { ...state.resolveSla, breachedAt: event.at } };
  }
}

function escalated(
  state: IncidentState,
  event: IncidentEventOf<'INCIDENT_ESCALATED'>,
): Partial<IncidentState> {
  const { payload, at } = event;
  return {
    // A message to Slack wakes nobody, so it is no higher level.
    escalationLevel:
      payload.target === 'SLACK' ? state.escalationLevel : Math.max(state.escalationLevel, payload.level),
    pagingRequestedAt: payload.target === 'ON_CALL' ? at : state.pagingRequestedAt,
    firedRules: payload.reason === 'MANUAL' ? state.firedRules : fired(state, event),
  };
}

/** The latest firing of each rule, the most recent last. At most 9 rules apply at once, so 50 forget none of them. */
function fired(state: IncidentState, event: IncidentEventOf<'INCIDENT_ESCALATED'>): readonly FiredRule[] {
  const { rule, reason, base } = event.payload;
  const others = state.firedRules.filter((other) => other.rule !== rule);
  return [...others, { rule, reason, base: base ?? event.at }].slice(-listLimit);
}
