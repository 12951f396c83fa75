import type { IncidentEvent } from '../domain/incident/events.ts';
import type { IncidentMode } from '../domain/incident/vocabulary.ts';
import type { TableRows } from './port.ts';

/**
 * What an event adds to someone's engagement: every acknowledgement by a person signed in counts, one taken again after
 * it was given back too, because taking an incident is what is counted and not incidents. Drills never do.
 * Source: rules.md, Roles and Status.
 */
export function engagementRows(event: IncidentEvent, mode: IncidentMode): TableRows {
  const { actor, incident, at } = event;
  const counts = event.type === 'INCIDENT_ACKNOWLEDGED' && actor.kind === 'USER' && mode === 'STANDARD';
  return counts ? { engagement: [{ user_id: actor.id, incident_id: incident, at }] } : {};
}
