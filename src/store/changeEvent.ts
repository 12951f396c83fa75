import type { AdministrationEvent } from '../domain/administration/events.ts';
import type { IncidentEvent } from '../domain/incident/events.ts';
import { encodeBody } from '../domain/ledger/body.ts';
import type { ChangeEvent } from './port.ts';

/** An event of either ledger as the commit takes it: its columns, and its body as the text that is hashed. */
export function changeEventOf(event: IncidentEvent | AdministrationEvent): ChangeEvent {
  const { type, at } = event;
  const body = encodeBody(event);
  return 'incident' in event
    ? {
        ledger: 'INCIDENTS',
        type,
        incidentId: event.incident,
        version: event.version,
        at,
        isPublic: event.isPublic,
        severity: event.severity,
        body,
      }
    : {
        ledger: 'ADMINISTRATION',
        type,
        incidentId: null,
        version: null,
        at,
        isPublic: false,
        severity: null,
        body,
      };
}
