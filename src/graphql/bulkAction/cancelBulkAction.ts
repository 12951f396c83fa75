import { limits } from '../../domain/incident/limits.ts';
import { idOf } from '../globalId.ts';
import { absentId, incidentMutation } from '../mutation/incidentMutation.ts';
import { upTo } from '../mutation/upTo.ts';

incidentMutation('cancelBulkAction', {
  description:
    'Has a bulk action begin no further target. Requests under way are finished, and keep their results.',
  fields: (t) => ({
    bulkActionId: t.id({ required: true, description: 'The bulk action: its `id`.' }),
    reason: t.string({ description: `Why. ${upTo(limits.reason)}` }),
  }),
  command: ({ bulkActionId, reason }) => ({
    bulkActionId: idOf('BulkAction', bulkActionId) ?? absentId,
    ...(reason === undefined ? {} : { reason }),
  }),
});
