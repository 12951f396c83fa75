import { limits } from '../../domain/incident/limits.ts';
import { incidentMutation } from '../mutation/incidentMutation.ts';
import { upTo } from '../mutation/upTo.ts';

incidentMutation('verifyRootCause', {
  description: 'Confirms that the recorded root cause is right.',
  fields: (t) => ({
    notes: t.string({ description: `How it was verified. ${upTo(limits.details)}` }),
  }),
  command: (input) => input,
});
