import { InputCheck } from '../inputCheck.ts';
import { refuseTransition } from '../refuse.ts';
import { limits } from './limits.ts';
import { agreed, alreadySo, type IncidentVerb } from './verb.ts';
import { isOpen } from './vocabulary.ts';

/** Takes the acknowledgement back: the incident is REPORTED again and NO_ACK counts anew. Refused from IDENTIFIED on. */
export const unacknowledge: IncidentVerb<'unacknowledgeIncident'> = (input, state) => {
  const check = new InputCheck();
  const reason = check.optionalText('reason', input.reason, limits.reason);
  if (check.refusal !== null) return check.refusal;
  const tooLate = !isOpen(state.status) || state.status === 'IDENTIFIED' || state.status === 'MITIGATED';
  if (tooLate) return refuseTransition(state, 'taking the acknowledgement back');
  if (state.acknowledgement === null) return alreadySo;
  return agreed({ type: 'INCIDENT_UNACKNOWLEDGED', payload: { reason } });
};
