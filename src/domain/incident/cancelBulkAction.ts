import { InputCheck } from '../inputCheck.ts';
import { limits } from './limits.ts';
import { agreed, alreadySo, type IncidentVerb } from './verb.ts';

/** Has the bulk action that runs on the incident begin no further target; what is under way is finished. */
export const cancelBulkAction: IncidentVerb<'cancelBulkAction'> = (input, { bulkAction }) => {
  const check = new InputCheck();
  const reason = check.optionalText('reason', input.reason, limits.reason);
  if (bulkAction?.id !== input.bulkActionId) {
    check.note('bulkActionId', 'No bulk action of this id runs on the incident: it is over, or never was.');
  }
  if (check.refusal !== null) return check.refusal;
  if (bulkAction?.cancelledAt != null) return alreadySo;
  const { bulkActionId } = input;
  return agreed({ type: 'INCIDENT_BULK_ACTION_CANCELLED', payload: { bulkActionId, reason } });
};
