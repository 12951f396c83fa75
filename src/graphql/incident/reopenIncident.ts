import { limits } from '../../domain/incident/limits.ts';
import { incidentMutation } from '../mutation/incidentMutation.ts';
import { upTo } from '../mutation/upTo.ts';

incidentMutation('reopenIncident', {
  description:
    'Reopens a resolved incident: it is INVESTIGATING again, keeps its acknowledgement and root cause, and its resolve SLA starts anew.',
  fields: (t) => ({
    reason: t.string({ required: true, description: `Why it is not over. ${upTo(limits.reason)}` }),
  }),
  command: (input) => input,
});
