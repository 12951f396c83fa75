import { limits } from '../../domain/incident/limits.ts';
import { incidentMutation } from '../mutation/incidentMutation.ts';
import { upTo } from '../mutation/upTo.ts';

incidentMutation('acknowledgeIncident', {
  description:
    'Takes an incident: it is being worked on, and escalations for want of an acknowledgement stop. Acknowledging again what you acknowledged changes nothing; what someone else acknowledged is an InvalidTransitionError with who and when.',
  fields: (t) => ({
    note: t.string({
      description: `What you know or will do. Required where the policy says \`acknowledgeNoteRequired\`. ${upTo(limits.reason)}`,
    }),
  }),
  command: (input) => input,
});
