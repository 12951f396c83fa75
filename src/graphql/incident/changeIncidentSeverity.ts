import { limits } from '../../domain/incident/limits.ts';
import { IncidentSeverityEnum } from '../enums.ts';
import { incidentMutation } from '../mutation/incidentMutation.ts';
import { upTo } from '../mutation/upTo.ts';

incidentMutation('changeIncidentSeverity', {
  description:
    'Raises or lowers the severity of an open incident. SLAs that are not met yet are recomputed from the same start; raising to SEV1 or SEV2 escalates to on-call by default.',
  fields: (t) => ({
    severity: t.field({ type: IncidentSeverityEnum, required: true, description: 'The new severity.' }),
    reason: t.string({ required: true, description: `Why, for the timeline. ${upTo(limits.reason)}` }),
  }),
  command: (input) => input,
});
