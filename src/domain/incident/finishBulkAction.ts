import { agreed, alreadySo, type IncidentVerb } from './verb.ts';

/** What whoever worked a bulk action off says when all its targets are over; said again, it is so already. */
export const finishBulkAction: IncidentVerb<'finishBulkAction'> = (input, { bulkAction }) => {
  if (bulkAction === null || bulkAction.id !== input.bulkActionId) return alreadySo;
  const { source, action, cancelledAt } = bulkAction;
  const outcome = cancelledAt === null ? 'COMPLETED' : 'CANCELLED';
  return agreed({ type: 'INCIDENT_BULK_ACTION_FINISHED', payload: { ...input, source, action, outcome } });
};
