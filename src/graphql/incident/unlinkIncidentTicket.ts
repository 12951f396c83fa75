import { incidentMutation } from '../mutation/incidentMutation.ts';

incidentMutation('unlinkIncidentTicket', {
  description: 'Unlinks a ticket. One that is not linked changes nothing.',
  fields: (t) => ({
    url: t.field({ type: 'URL', required: true, description: 'Where the ticket is.' }),
    key: t.string({ description: 'What people call it; the URL alone decides which is unlinked.' }),
  }),
  command: ({ url }) => ({ url }),
});
