import { limits } from '../../domain/incident/limits.ts';
import { incidentMutation } from '../mutation/incidentMutation.ts';
import { upTo } from '../mutation/upTo.ts';

incidentMutation('resolveIncident', {
  description:
    'Resolves an incident: the impact is over. Needs an acknowledgement and a root cause by default; what is missing is in WorkflowGateError.',
  fields: (t) => ({
    summary: t.string({ required: true, description: `How it was resolved. ${upTo(limits.summary)}` }),
    notes: t.string({ description: `Anything else worth keeping. ${upTo(limits.resolutionText)}` }),
    impactAssessment: t.string({
      description: `Who and what was affected, and how much. ${upTo(limits.resolutionText)}`,
    }),
    lessonsLearned: t.string({
      description: `What was learned; may also be given when closing. ${upTo(limits.resolutionText)}`,
    }),
    followUps: t.stringList({
      description: `Work that remains, one description each; at most 50. ${upTo(limits.followUp)}`,
    }),
  }),
  command: (input) => input,
});
