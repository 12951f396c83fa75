import { limits } from '../../domain/incident/limits.ts';
import { incidentMutation } from '../mutation/incidentMutation.ts';
import { upTo } from '../mutation/upTo.ts';

incidentMutation('addIncidentTag', {
  description: 'Adds a tag. One the incident has already changes nothing.',
  fields: (t) => ({
    tag: t.string({
      required: true,
      description: `The tag; an incident has at most 50. ${upTo(limits.tag)}`,
    }),
  }),
  command: (input) => input,
});
