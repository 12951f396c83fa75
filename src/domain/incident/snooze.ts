import { InputCheck } from '../inputCheck.ts';
import { type Instant, plusMinutes } from '../instant.ts';
import { limits } from './limits.ts';
import type { IncidentState } from './state.ts';
import { agreed, alreadySo, type IncidentVerb } from './verb.ts';

/** The longest snooze: 30 days, in minutes. Whoever wants more has it end in a month, and looks again. */
const longestSnoozeMinutes = 30 * 24 * 60;

/**
 * Snoozes an open incident: escalations for want of an acknowledgement wait until then. An instant that is not ahead
 * ends a snooze that still holds. SLAs and the session gate go on.
 */
export const snooze: IncidentVerb<'snoozeIncident'> = (input, state, context) => {
  const check = new InputCheck();
  const asked = check.instant('until', input.until);
  const reason = check.optionalText('reason', input.reason, limits.reason);
  if (asked > plusMinutes(context.at, longestSnoozeMinutes)) {
    check.note('until', 'At most 30 days from now are possible.');
  }
  if (check.refusal !== null) return check.refusal;
  const until = asked > context.at ? asked : context.at;
  if (until === (snoozedAt(state, context.at) ?? context.at)) return alreadySo;
  return agreed({ type: 'INCIDENT_SNOOZED', payload: { until, reason } });
};

/** Until when the incident is snoozed, if it is at this instant. */
function snoozedAt({ snoozedUntil }: IncidentState, at: Instant): Instant | null {
  return snoozedUntil !== null && snoozedUntil > at ? snoozedUntil : null;
}
