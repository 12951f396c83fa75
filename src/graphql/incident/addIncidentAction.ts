import { limits } from '../../domain/incident/limits.ts';
import { ActionKindEnum } from '../enums.ts';
import { incidentMutation } from '../mutation/incidentMutation.ts';
import { upTo } from '../mutation/upTo.ts';

incidentMutation('addIncidentAction', {
  description: 'Records something that was done about the incident. Kind NOTE writes a note.',
  fields: (t) => ({
    kind: t.field({ type: ActionKindEnum, required: true, description: 'What kind of action.' }),
    label: t.string({ required: true, description: `What was done, in a few words. ${upTo(limits.label)}` }),
    details: t.string({ description: `Output, parameters, links. ${upTo(limits.details)}` }),
  }),
  command: (input) => input,
});
