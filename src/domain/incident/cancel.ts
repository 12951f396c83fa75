import { InputCheck } from '../inputCheck.ts';
import { refuseTransition } from '../refuse.ts';
import { limits } from './limits.ts';
import { isMachine } from './transitions.ts';
import { agreed, alreadySo, type IncidentVerb } from './verb.ts';
import { isOpen } from './vocabulary.ts';

/** Cancels an open incident that is none, with the reason why. */
export const cancel: IncidentVerb<'cancelIncident'> = (input, state, context) => {
  const check = new InputCheck();
  const reason = check.text('reason', input.reason, limits.reason);
  if (check.refusal !== null) return check.refusal;
  if (state.status === 'CANCELLED' && isMachine(context.actor)) return alreadySo;
  if (!isOpen(state.status)) return refuseTransition(state, 'cancelling it');
  return agreed({ type: 'INCIDENT_CANCELLED', payload: { reason } });
};
