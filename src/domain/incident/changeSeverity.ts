import { InputCheck } from '../inputCheck.ts';
import { refuseTransition } from '../refuse.ts';
import { limits } from './limits.ts';
import { isMachine } from './transitions.ts';
import { agreed, alreadySo, type IncidentVerb } from './verb.ts';
import { isOpen, severities } from './vocabulary.ts';

/** Changes the severity of an open incident, with a reason. A machine may raise it, never lower it. */
export const changeSeverity: IncidentVerb<'changeIncidentSeverity'> = (input, state, context) => {
  const check = new InputCheck();
  const reason = check.text('reason', input.reason, limits.reason);
  if (check.refusal !== null) return check.refusal;
  if (!isOpen(state.status)) return refuseTransition(state, 'changing its severity');
  const { severity: to } = input;
  if (to === state.severity) return alreadySo;
  const lowers = severities.indexOf(to) > severities.indexOf(state.severity);
  if (lowers && isMachine(context.actor)) return alreadySo;
  return agreed({ type: 'INCIDENT_SEVERITY_CHANGED', payload: { from: state.severity, to, reason } });
};
