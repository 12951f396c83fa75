import { labelOf } from '../bulkAction/bulkAction.ts';
import type { IncidentEventOf } from './events.ts';
import type { IncidentState } from './state.ts';

type BulkActionEvent = IncidentEventOf<
  'INCIDENT_BULK_ACTION_STARTED' | 'INCIDENT_BULK_ACTION_CANCELLED' | 'INCIDENT_BULK_ACTION_FINISHED'
>;

/** What a bulk action changes: it is an action from its start on, and runs until it is finished. */
export function evolveBulkAction(state: IncidentState, event: BulkActionEvent): Partial<IncidentState> {
  switch (event.type) {
    case 'INCIDENT_BULK_ACTION_STARTED': {
      const { bulkActionId: id, source, action, targetCount } = event.payload;
      return {
        bulkAction: { id, source, action, targetCount, cancelledAt: null },
        actionCount: state.actionCount + 1,
        lastAction: {
          id,
          kind: 'BULK',
          label: labelOf(event.payload),
          details: null,
          actor: event.actor,
          at: event.at,
        },
      };
    }
    case 'INCIDENT_BULK_ACTION_CANCELLED':
      return state.bulkAction === null ? {} : { bulkAction: { ...state.bulkAction, cancelledAt: event.at } };
    case 'INCIDENT_BULK_ACTION_FINISHED':
      return { bulkAction: null };
  }
}
