import { limits } from '../../domain/incident/limits.ts';
import { EscalationTargetKindEnum } from '../enums.ts';
import { incidentMutation } from '../mutation/incidentMutation.ts';
import { upTo } from '../mutation/upTo.ts';

incidentMutation('escalateIncident', {
  description: 'Escalates an open incident by hand.',
  fields: (t) => ({
    target: t.field({ type: EscalationTargetKindEnum, required: true, description: 'To whom.' }),
    note: t.string({ description: `Why, for whoever is called. ${upTo(limits.reason)}` }),
  }),
  command: (input) => input,
});
