import type { AdministrationEventType } from '../administration/events.ts';
import type { IncidentEventType } from '../incident/events.ts';
import type { OperationName } from './permissions.ts';

const incidentEvent = 'incidentEvents' satisfies OperationName;
const administrationEvent = 'administrationEvents' satisfies OperationName;

/**
 * Type of event → the operation whose permission says who may see it: those of incidents are for every member, those
 * of administration for administrators. A type without a row does not compile.
 */
export const eventsSeenBy: Readonly<
  Record<IncidentEventType, typeof incidentEvent> &
    Record<AdministrationEventType, typeof administrationEvent>
> = {
  INCIDENT_CREATED: incidentEvent,
  INCIDENT_UPDATED: incidentEvent,
  INCIDENT_ACKNOWLEDGED: incidentEvent,
  INCIDENT_UNACKNOWLEDGED: incidentEvent,
  INCIDENT_SNOOZED: incidentEvent,
  INCIDENT_STATUS_CHANGED: incidentEvent,
  INCIDENT_SEVERITY_CHANGED: incidentEvent,
  INCIDENT_ROOT_CAUSE_RECORDED: incidentEvent,
  INCIDENT_ROOT_CAUSE_VERIFIED: incidentEvent,
  INCIDENT_RESOLVED: incidentEvent,
  INCIDENT_CLOSED: incidentEvent,
  INCIDENT_CANCELLED: incidentEvent,
  INCIDENT_REOPENED: incidentEvent,
  INCIDENT_MERGED: incidentEvent,
  INCIDENT_ABSORBED: incidentEvent,
  INCIDENT_ASSIGNED: incidentEvent,
  INCIDENT_ROLE_ASSIGNED: incidentEvent,
  INCIDENT_TAG_ADDED: incidentEvent,
  INCIDENT_TAG_REMOVED: incidentEvent,
  INCIDENT_LINKED_TO_TICKET: incidentEvent,
  INCIDENT_UNLINKED_FROM_TICKET: incidentEvent,
  INCIDENT_AFFECTED_SERVICES_SET: incidentEvent,
  INCIDENT_NOTE_ADDED: incidentEvent,
  INCIDENT_NOTES_EDITED: incidentEvent,
  INCIDENT_VISIBILITY_CHANGED: incidentEvent,
  INCIDENT_PLAYBOOK_ACTION_EXECUTED: incidentEvent,
  INCIDENT_SIGNAL_INGESTED: incidentEvent,
  INCIDENT_SIGNAL_CLEARED: incidentEvent,
  INCIDENT_SIGNAL_SPLIT: incidentEvent,
  INCIDENT_BURST_GREW: incidentEvent,
  INCIDENT_SYNCED: incidentEvent,
  INCIDENT_SLO_VIOLATION_RECORDED: incidentEvent,
  INCIDENT_ESCALATED: incidentEvent,
  INCIDENT_SLA_AT_RISK: incidentEvent,
  INCIDENT_SLA_BREACHED: incidentEvent,
  INCIDENT_AUTO_RESOLVE_WARNED: incidentEvent,
  ORGANIZATION_CREATED: administrationEvent,
  ORGANIZATION_RENAMED: administrationEvent,
  MEMBER_INVITED: administrationEvent,
  INVITATION_REVOKED: administrationEvent,
  MEMBER_ADDED: administrationEvent,
  MEMBER_REMOVED: administrationEvent,
  MEMBER_ROLE_CHANGED: administrationEvent,
  TEAM_CREATED: administrationEvent,
  TEAM_UPDATED: administrationEvent,
  TEAM_MERGED: administrationEvent,
  TEAM_MEMBER_ADDED: administrationEvent,
  TEAM_MEMBER_REMOVED: administrationEvent,
  SERVICE_CREATED: administrationEvent,
  SERVICE_UPDATED: administrationEvent,
  SERVICE_MERGED: administrationEvent,
  PROJECT_CREATED: administrationEvent,
  PROJECT_UPDATED: administrationEvent,
  PROJECT_MERGED: administrationEvent,
  SUPERADMIN_ACTED: administrationEvent,
  SUPERADMIN_GRANTED: administrationEvent,
  SUPERADMIN_REVOKED: administrationEvent,
  PLATFORM_EVENT_APPROVED: administrationEvent,
  PLATFORM_EVENT_WITHDRAWN: administrationEvent,
  ORGANIZATION_POLICY_CHANGED: administrationEvent,
  API_KEY_CREATED: administrationEvent,
  API_KEY_REVOKED: administrationEvent,
  API_KEY_ROTATED: administrationEvent,
  API_KEY_INGEST_CONFIGURED: administrationEvent,
  SESSION_GATE_BLOCKED: administrationEvent,
  SESSION_GATE_RELEASED: administrationEvent,
};
