import { limits } from '../../domain/incident/limits.ts';
import { incidentMutation } from '../mutation/incidentMutation.ts';
import { upTo } from '../mutation/upTo.ts';

incidentMutation('editIncidentNotes', {
  description:
    'Replaces the ops notes, the one shared document of an incident. The ledger keeps what changed, not the whole.',
  fields: (t) => ({
    notes: t.string({
      required: true,
      description: `The whole document as it should be; may be empty. ${upTo(limits.notes)}`,
    }),
    expectedNotesVersion: t.int({
      description: 'The `notesVersion` you edited. Refused with ConflictError if the notes changed since.',
    }),
  }),
  command: (input) => input,
});
