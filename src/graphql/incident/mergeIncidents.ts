import { limits } from '../../domain/incident/limits.ts';
import { idOf } from '../globalId.ts';
import { absentId, incidentMutation } from '../mutation/incidentMutation.ts';
import { upTo } from '../mutation/upTo.ts';

incidentMutation('mergeIncidents', {
  description:
    'Makes an open incident part of another open one: it is cancelled and links there, and what would have come to it comes to the other from here on. Nothing of it is rewritten. Both change together, or neither does. Final.',
  fields: (t) => ({
    intoIncidentId: t.id({ required: true, description: 'The other, which goes on: its `id`.' }),
    reason: t.string({ required: true, description: `Why they are one. ${upTo(limits.reason)}` }),
  }),
  command: ({ intoIncidentId, ...rest }) => ({
    ...rest,
    intoIncidentId: idOf('Incident', intoIncidentId) ?? absentId,
  }),
});
