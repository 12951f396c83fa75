import type { IncidentEvent } from '../incident/events.ts';

/**
 * What an event says to everybody, without who did it or anything that was written for responders alone: a note and the
 * message of a status change are in their writer's words. Null when only a person can say it.
 */
export function publicText(event: IncidentEvent): string | null {
  switch (event.type) {
    case 'INCIDENT_CREATED':
      return 'This incident was reported.';
    case 'INCIDENT_ACKNOWLEDGED':
      return 'Somebody is at work on it.';
    case 'INCIDENT_STATUS_CHANGED':
      return event.payload.message ?? `The status is ${event.payload.to} now.`;
    case 'INCIDENT_SEVERITY_CHANGED':
      return `The severity is ${event.payload.to} now.`;
    case 'INCIDENT_NOTE_ADDED':
      return event.payload.message;
    case 'INCIDENT_RESOLVED':
      return 'This incident is resolved.';
    case 'INCIDENT_REOPENED':
      return 'This incident is open again.';
    case 'INCIDENT_CANCELLED':
      return 'This incident was cancelled.';
    case 'INCIDENT_CLOSED':
      return 'This incident is closed.';
    default:
      return null;
  }
}
