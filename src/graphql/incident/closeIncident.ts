import { limits } from '../../domain/incident/limits.ts';
import { incidentMutation } from '../mutation/incidentMutation.ts';
import { upTo } from '../mutation/upTo.ts';

incidentMutation('closeIncident', {
  description:
    'Closes a resolved incident for good. Needs lessons learned, and follow-ups or a reason for having none, by default, counting what the resolution gave.',
  fields: (t) => ({
    lessonsLearned: t.string({ description: `What was learned. ${upTo(limits.resolutionText)}` }),
    followUps: t.stringList({
      description: `Work that remains, one description each; at most 50. ${upTo(limits.followUp)}`,
    }),
    noFollowUpsBecause: t.string({
      description: `Why nothing remains to be done, when there are no follow-ups. ${upTo(limits.reason)}`,
    }),
  }),
  command: (input) => input,
});
