import { limits } from '../../domain/incident/limits.ts';
import { incidentMutation } from '../mutation/incidentMutation.ts';
import { upTo } from '../mutation/upTo.ts';

incidentMutation('unacknowledgeIncident', {
  description:
    'Gives an incident back: it is REPORTED again, and escalations for want of an acknowledgement count from now. Possible until a root cause is identified.',
  fields: (t) => ({
    reason: t.string({ description: `Why it goes back, for whoever takes it next. ${upTo(limits.reason)}` }),
  }),
  command: (input) => input,
});
