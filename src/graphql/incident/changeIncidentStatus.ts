import { limits } from '../../domain/incident/limits.ts';
import { IncidentStatusEnum } from '../enums.ts';
import { incidentMutation } from '../mutation/incidentMutation.ts';
import { upTo } from '../mutation/upTo.ts';

incidentMutation('changeIncidentStatus', {
  description:
    'Moves an open incident between INVESTIGATING, IDENTIFIED and MITIGATED. From REPORTED it acknowledges too. To resolve, close or cancel, use the mutation of that name.',
  fields: (t) => ({
    status: t.field({
      type: IncidentStatusEnum,
      required: true,
      description: 'INVESTIGATING, IDENTIFIED (needs a root cause) or MITIGATED.',
    }),
    message: t.string({
      description: `What changed, for the timeline. Required to go backwards. ${upTo(limits.message)}`,
    }),
    isPublic: t.boolean({
      description:
        'Propose this entry of the timeline for the status page. Default false; nothing is published without approval.',
    }),
  }),
  command: (input) => input,
});
