import { incidentMutation } from '../mutation/incidentMutation.ts';

incidentMutation('removeIncidentTag', {
  description: 'Removes a tag. One the incident does not have changes nothing.',
  fields: (t) => ({
    tag: t.string({ required: true, description: 'The tag.' }),
  }),
  command: (input) => input,
});
