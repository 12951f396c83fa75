import { limits } from '../../domain/incident/limits.ts';
import { incidentMutation } from '../mutation/incidentMutation.ts';
import { upTo } from '../mutation/upTo.ts';

incidentMutation('snoozeIncident', {
  description:
    'Has escalations for want of an acknowledgement wait. SLAs and the session gate go on; an acknowledgement ends it.',
  fields: (t) => ({
    until: t.field({
      type: 'DateTime',
      required: true,
      description:
        'Until when they wait, at most 30 days from now; a later call replaces it. An instant that is not ahead ends the snooze.',
    }),
    reason: t.string({ description: `Why it can wait. ${upTo(limits.reason)}` }),
  }),
  command: (input) => input,
});
