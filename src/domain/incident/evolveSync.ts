import { isPerson } from '../access/actor.ts';
import { type SyncedField, syncedFields } from '../detection/syncedIncident.ts';
import type { IncidentEvent, IncidentEventOf } from './events.ts';
import type { IncidentState } from './state.ts';

/** What follows the source follows it, but for what a person has written; its severity has an event of its own. */
export function evolveSync(
  state: IncidentState,
  event: IncidentEventOf<'INCIDENT_SYNCED'>,
): Partial<IncidentState> {
  const { changed: _changed, ...incident } = event.payload;
  const personal = state.sync?.personal ?? [];
  const { title, startedAt, endedAt } = incident;
  const followed = { title, startedAt, endedAt };
  const kept = personal.map((field) => [field, state[field]]);
  return { ...followed, ...Object.fromEntries(kept), sync: { ...incident, personal } };
}

/** Notes what a person writes of a synced incident: from here on it is theirs. */
export function evolvePersonal(state: IncidentState, event: IncidentEvent): Partial<IncidentState> | null {
  const { sync } = state;
  if (sync === null || !isPerson(event.actor)) return null;
  const written = writtenBy(event).filter((field) => !sync.personal.includes(field));
  return written.length === 0 ? null : { sync: { ...sync, personal: [...sync.personal, ...written] } };
}

function writtenBy(event: IncidentEvent): readonly SyncedField[] {
  if (event.type === 'INCIDENT_SEVERITY_CHANGED') return ['severity'];
  if (event.type !== 'INCIDENT_UPDATED') return [];
  return syncedFields.filter((field) => field in event.payload.changes);
}
