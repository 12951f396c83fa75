import { InputCheck } from '../inputCheck.ts';
import { refuseTransition } from '../refuse.ts';
import { limits } from './limits.ts';
import { isMachine } from './transitions.ts';
import { agreed, alreadySo, type IncidentVerb } from './verb.ts';
import { isOpen } from './vocabulary.ts';

/** Reopens a resolved incident: INVESTIGATING again, with its acknowledgement and root cause; the resolve SLA starts anew. */
export const reopen: IncidentVerb<'reopenIncident'> = (input, state, context) => {
  const check = new InputCheck();
  const reason = check.text('reason', input.reason, limits.reason);
  if (check.refusal !== null) return check.refusal;
  if (isOpen(state.status) && isMachine(context.actor)) return alreadySo;
  if (state.status !== 'RESOLVED') return refuseTransition(state, 'reopening it');
  return agreed({ type: 'INCIDENT_REOPENED', payload: { reason } });
};
