import { InputCheck } from '../inputCheck.ts';
import { limits } from './limits.ts';
import { agreed, type IncidentVerb } from './verb.ts';

/** Writes a note on the timeline, in any status. */
export const addNote: IncidentVerb<'addIncidentNote'> = (input) => {
  const check = new InputCheck();
  const message = check.document('message', input.message, { max: limits.message });
  if (check.refusal !== null) return check.refusal;
  return agreed({ type: 'INCIDENT_NOTE_ADDED', payload: { message }, isPublic: input.isPublic ?? false });
};
