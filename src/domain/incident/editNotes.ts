import { InputCheck } from '../inputCheck.ts';
import { refuseConflict } from '../refuse.ts';
import { limits } from './limits.ts';
import { spliceBetween } from './spliceText.ts';
import { agreed, alreadySo, type IncidentVerb } from './verb.ts';

/** Replaces the ops notes; the event keeps only what differs. `expectedNotesVersion` guards against a lost edit. */
export const editNotes: IncidentVerb<'editIncidentNotes'> = (input, state) => {
  const check = new InputCheck();
  const notes = check.document('notes', input.notes, { min: 0, max: limits.notes });
  if (check.refusal !== null) return check.refusal;
  const expected = input.expectedNotesVersion;
  if (expected != null && expected !== state.notesVersion) {
    return refuseConflict(
      `The notes are at version ${state.notesVersion}, not ${expected}: someone edited them meanwhile.`,
      state.notesVersion,
    );
  }
  if (notes === state.notes) return alreadySo;
  const splice = spliceBetween(state.notes, notes);
  return agreed({
    type: 'INCIDENT_NOTES_EDITED',
    payload: { notesVersion: state.notesVersion + 1, ...splice },
  });
};
