import { InputCheck } from '../inputCheck.ts';
import { refuseGate } from '../refuse.ts';
import { limits } from './limits.ts';
import { agreed, alreadySo, type IncidentVerb } from './verb.ts';

/** Confirms the root cause that is recorded. */
export const verifyRootCause: IncidentVerb<'verifyRootCause'> = (input, state) => {
  const check = new InputCheck();
  const notes = check.optionalText('notes', input.notes, limits.details);
  if (check.refusal !== null) return check.refusal;
  if (state.rootCause === null) return refuseGate(state, 'a root cause is verified', ['ROOT_CAUSE']);
  if (state.rootCause.verifiedAt !== null) return alreadySo;
  return agreed({ type: 'INCIDENT_ROOT_CAUSE_VERIFIED', payload: { notes } });
};
