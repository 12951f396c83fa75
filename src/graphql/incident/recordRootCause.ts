import { limits } from '../../domain/incident/limits.ts';
import { RootCauseCategoryEnum } from '../enums.ts';
import { incidentMutation } from '../mutation/incidentMutation.ts';
import { upTo } from '../mutation/upTo.ts';

incidentMutation('recordRootCause', {
  description:
    'Records why it happened. The incident becomes IDENTIFIED unless it is further already; a second root cause supersedes the first, which stays in the ledger. Needs an acknowledgement by default.',
  fields: (t) => ({
    summary: t.string({ required: true, description: `Why it happened. ${upTo(limits.summary)}` }),
    category: t.field({
      type: RootCauseCategoryEnum,
      required: true,
      description: 'What kind of cause it is.',
    }),
    remediationSteps: t.string({
      required: true,
      description: `What puts it right. ${upTo(limits.remediationSteps)}`,
    }),
  }),
  command: (input) => input,
});
