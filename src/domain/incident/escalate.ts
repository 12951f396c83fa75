import { levelOf } from '../escalation/levelOf.ts';
import { InputCheck } from '../inputCheck.ts';
import { limits } from './limits.ts';
import { agreed, type IncidentVerb } from './verb.ts';

/** What the ledger keeps as the rule of an escalation that someone asked for. */
const manualRule = 'manual';

/** Escalates an open incident by hand; each time is an escalation of its own. */
export const escalate: IncidentVerb<'escalateIncident'> = (input, state, context) => {
  const check = new InputCheck();
  const note = check.optionalText('note', input.note, limits.reason);
  if (check.refusal !== null) return check.refusal;
  return agreed({
    type: 'INCIDENT_ESCALATED',
    payload: {
      escalationId: context.newId(),
      reason: 'MANUAL',
      rule: manualRule,
      afterMinutes: null,
      base: null,
      dueAt: null,
      level: levelOf(input.target, state.escalationLevel),
      target: input.target,
      note,
      severity: state.severity,
    },
  });
};
