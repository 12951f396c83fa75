import { limits } from '../../domain/incident/limits.ts';
import { incidentMutation } from '../mutation/incidentMutation.ts';
import { upTo } from '../mutation/upTo.ts';

incidentMutation('addIncidentNote', {
  description: 'Adds a note to the timeline.',
  fields: (t) => ({
    message: t.string({ required: true, description: `The note. ${upTo(limits.message)}` }),
    isPublic: t.boolean({
      description:
        'Propose the note for the status page. Default false; nothing is published without approval.',
    }),
  }),
  command: (input) => input,
});
