import { UnknownEventError } from '../ledger/unknownEvent.ts';
import type { IncidentEventOf } from './events.ts';
import { spliceText } from './spliceText.ts';
import { type IncidentState, listLimit } from './state.ts';

type DetailEvent = IncidentEventOf<
  | 'INCIDENT_UPDATED'
  | 'INCIDENT_ASSIGNED'
  | 'INCIDENT_ROLE_ASSIGNED'
  | 'INCIDENT_TAG_ADDED'
  | 'INCIDENT_TAG_REMOVED'
  | 'INCIDENT_LINKED_TO_TICKET'
  | 'INCIDENT_UNLINKED_FROM_TICKET'
  | 'INCIDENT_AFFECTED_SERVICES_SET'
  | 'INCIDENT_NOTES_EDITED'
  | 'INCIDENT_PLAYBOOK_ACTION_EXECUTED'
>;

const roleFields = {
  COMMANDER: 'commanderId',
  TECH_LEAD: 'techLeadId',
  COMMS_LEAD: 'commsLeadId',
} as const;

/** Every type there is has a case above; one that has none is a newer program's. */
function unknown(_event: never): never {
  throw new UnknownEventError();
}

/**
 * What an event about an incident's details (not its workflow) changes.
 *
 * @throws UnknownEventError for a type that is not known here.
 */
export function evolveDetails(state: IncidentState, event: DetailEvent): Partial<IncidentState> {
  switch (event.type) {
    case 'INCIDENT_UPDATED': {
      const { addedDedupKeys = [], ...changes } = event.payload.changes;
      const dedupKeys = [...new Set([...state.dedupKeys, ...addedDedupKeys])].slice(0, listLimit);
      return addedDedupKeys.length > 0 ? { ...changes, dedupKeys } : changes;
    }
    case 'INCIDENT_ASSIGNED': {
      const { assigneeId, ownerTeamId } = event.payload;
      return {
        ...(assigneeId === undefined ? null : { assigneeId }),
        ...(ownerTeamId === undefined ? null : { ownerTeamId }),
      };
    }
    case 'INCIDENT_ROLE_ASSIGNED':
      return { [roleFields[event.payload.role]]: event.payload.userId };
    case 'INCIDENT_TAG_ADDED':
      return { tags: [...state.tags, event.payload.tag] };
    case 'INCIDENT_TAG_REMOVED':
      return { tags: state.tags.filter((tag) => tag !== event.payload.tag) };
    case 'INCIDENT_LINKED_TO_TICKET': {
      const { url, key } = event.payload;
      const others = state.tickets.filter((ticket) => ticket.url !== url);
      return { tickets: [...others, { url, key }] };
    }
    case 'INCIDENT_UNLINKED_FROM_TICKET':
      return { tickets: state.tickets.filter((ticket) => ticket.url !== event.payload.url) };
    case 'INCIDENT_AFFECTED_SERVICES_SET':
      return { affectedServices: event.payload.services };
    case 'INCIDENT_NOTES_EDITED':
      return {
        notes: spliceText(state.notes, event.payload),
        notesVersion: event.payload.notesVersion,
      };
    case 'INCIDENT_PLAYBOOK_ACTION_EXECUTED': {
      const { actionId, kind, label, details } = event.payload;
      return {
        actionCount: state.actionCount + 1,
        lastAction: { id: actionId, kind, label, details, actor: event.actor, at: event.at },
      };
    }
    default:
      return unknown(event);
  }
}
