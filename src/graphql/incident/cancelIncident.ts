import { limits } from '../../domain/incident/limits.ts';
import { incidentMutation } from '../mutation/incidentMutation.ts';
import { upTo } from '../mutation/upTo.ts';

incidentMutation('cancelIncident', {
  description: 'Cancels an open incident that turned out to be none: a duplicate, a false alarm. Final.',
  fields: (t) => ({
    reason: t.string({ required: true, description: `Why it is none. ${upTo(limits.reason)}` }),
  }),
  command: (input) => input,
});
