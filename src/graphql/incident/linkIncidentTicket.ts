import { limits } from '../../domain/incident/limits.ts';
import { incidentMutation } from '../mutation/incidentMutation.ts';
import { upTo } from '../mutation/upTo.ts';

incidentMutation('linkIncidentTicket', {
  description: 'Links a ticket of another system. One linked already changes nothing.',
  fields: (t) => ({
    url: t.field({ type: 'URL', required: true, description: 'Where the ticket is.' }),
    key: t.string({ description: `What people call it, e.g. \`OPS-42\`. ${upTo(limits.name)}` }),
  }),
  command: ({ url, key }) => ({ url, key: key ?? null }),
});
