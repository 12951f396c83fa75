import { InputCheck } from '../inputCheck.ts';
import { limits } from './limits.ts';
import { agreed, alreadySo, type IncidentVerb } from './verb.ts';

/** Proposes an entry of this incident's timeline for the status page, or takes the proposal back; the entry itself stays. */
export const setVisibility: IncidentVerb<'setTimelineVisibility'> = (input, state, context) => {
  const check = new InputCheck();
  const reason = check.optionalText('reason', input.reason, limits.reason);
  const entry = context.facts.timelineEntry(input.sequence);
  if (entry === undefined || entry.incidentId !== state.id) {
    check.note('sequence', 'This incident has no event of that sequence.');
  }
  if (check.refusal !== null) return check.refusal;
  const { sequence, isPublic } = input;
  if (entry?.isPublic === isPublic) return alreadySo;
  return agreed({
    type: 'INCIDENT_VISIBILITY_CHANGED',
    payload: { ofSequence: sequence, isPublic, reason },
  });
};
