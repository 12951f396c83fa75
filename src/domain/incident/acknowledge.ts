import { isPerson } from '../access/actor.ts';
import { InputCheck } from '../inputCheck.ts';
import { refuseAlreadyAcknowledged, refuseField, refuseTransition } from '../refuse.ts';
import { limits } from './limits.ts';
import { isFinal, isMachine } from './transitions.ts';
import { agreed, alreadySo, type IncidentVerb } from './verb.ts';

/**
 * Acknowledges: "I have it". REPORTED becomes ACKNOWLEDGED; later statuses stay and only gain the acknowledgement.
 * Once someone holds it, another person is told who; the same person, or an integration, changes nothing.
 */
export const acknowledge: IncidentVerb<'acknowledgeIncident'> = (input, state, context) => {
  const check = new InputCheck();
  const note = check.optionalText('note', input.note, limits.reason);
  if (check.refusal !== null) return check.refusal;
  const { actor } = context;
  const held = state.acknowledgement;
  if (held !== null && isMachine(actor)) return alreadySo;
  if (isFinal(state.status)) return refuseTransition(state, 'acknowledging it');
  if (held !== null) {
    const byTheSame = held.actor.kind === actor.kind && held.actor.id === actor.id;
    return byTheSame ? alreadySo : refuseAlreadyAcknowledged({ ...state, acknowledgement: held });
  }
  if (note === null && context.policy.acknowledgeNoteRequired && isPerson(actor)) {
    return refuseField(['note'], 'Your organization asks for a note with every acknowledgement.');
  }
  return agreed({ type: 'INCIDENT_ACKNOWLEDGED', payload: { note, severity: state.severity } });
};
