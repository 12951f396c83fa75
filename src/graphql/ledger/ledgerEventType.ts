import type { LedgerEventType } from '../../domain/ledger/ledger.ts';
import type { TypeFilter } from '../../store/read/typeFilter.ts';
import { describedEnum } from '../enums.ts';

const descriptions: Readonly<Record<LedgerEventType, string>> = {
  INCIDENT_CREATED: 'It was declared.',
  INCIDENT_UPDATED: 'Its title, description, classification or window was edited.',
  INCIDENT_ACKNOWLEDGED: 'Somebody took it.',
  INCIDENT_UNACKNOWLEDGED: 'Whoever took it gave it back.',
  INCIDENT_SNOOZED: 'Escalations for want of an acknowledgement wait for a while, or a snooze was ended.',
  INCIDENT_STATUS_CHANGED: 'Its status changed by a message of its responders.',
  INCIDENT_SEVERITY_CHANGED: 'Its severity was raised or lowered.',
  INCIDENT_ROOT_CAUSE_RECORDED: 'A root cause was recorded; it supersedes an earlier one.',
  INCIDENT_ROOT_CAUSE_VERIFIED: 'The root cause was verified.',
  INCIDENT_RESOLVED: 'It was resolved, by a person or by itself.',
  INCIDENT_CLOSED: 'It was closed, with what was learned.',
  INCIDENT_CANCELLED: 'It was cancelled.',
  INCIDENT_REOPENED: 'It was reopened.',
  INCIDENT_MERGED: 'It became part of another incident, and is cancelled itself.',
  INCIDENT_ABSORBED: 'Another incident became part of it.',
  INCIDENT_ASSIGNED: 'Its assignee or owner team changed.',
  INCIDENT_ROLE_ASSIGNED: 'A role on it was given or taken back.',
  INCIDENT_TAG_ADDED: 'A tag was added.',
  INCIDENT_TAG_REMOVED: 'A tag was removed.',
  INCIDENT_LINKED_TO_TICKET: 'A ticket was linked.',
  INCIDENT_UNLINKED_FROM_TICKET: 'A ticket was unlinked.',
  INCIDENT_AFFECTED_SERVICES_SET: 'The services it affects were set.',
  INCIDENT_NOTE_ADDED: 'A note was added to its timeline.',
  INCIDENT_NOTES_EDITED: 'Its notes document was edited.',
  INCIDENT_VISIBILITY_CHANGED: 'An entry of its timeline was proposed for the status page, or withdrawn.',
  INCIDENT_PLAYBOOK_ACTION_EXECUTED: 'An action was taken.',
  INCIDENT_SIGNAL_INGESTED: 'A signal was attached.',
  INCIDENT_SIGNAL_CLEARED: 'A signal stopped firing.',
  INCIDENT_SIGNAL_SPLIT: 'A signal of it went to an incident of its own.',
  INCIDENT_BURST_GREW: 'Runs failed that are of its burst: one event a report, however many.',
  INCIDENT_SYNCED: 'The system that syncs it has something new of it.',
  INCIDENT_BULK_ACTION_STARTED: 'An action on many targets began.',
  INCIDENT_BULK_ACTION_CANCELLED: 'A bulk action begins no further target.',
  INCIDENT_BULK_ACTION_FINISHED: 'All targets of a bulk action are over.',
  INCIDENT_SLO_VIOLATION_RECORDED: 'A violated service level objective was recorded.',
  INCIDENT_ESCALATED: 'It escalated, by a rule or because somebody asked.',
  INCIDENT_SLA_AT_RISK: 'An SLA became at risk.',
  INCIDENT_SLA_BREACHED: 'An SLA was breached.',
  INCIDENT_AUTO_RESOLVE_WARNED: 'A warning that it will resolve by itself.',
  ORGANIZATION_CREATED: 'The organization was founded.',
  ORGANIZATION_RENAMED: 'The organization was given another name.',
  MEMBER_INVITED: 'Somebody was invited.',
  INVITATION_REVOKED: 'An invitation was taken back.',
  MEMBER_ADDED: 'A user became a member.',
  MEMBER_REMOVED: 'A member was removed, or left.',
  MEMBER_ROLE_CHANGED: 'A member was given another role.',
  SUPERADMIN_GRANTED: 'Somebody became a superadmin of the installation.',
  SUPERADMIN_REVOKED: 'Somebody is a superadmin of the installation no more.',
  SUPERADMIN_ACTED: 'A superadmin, no member of the organization, asked for something in it.',
  TEAM_CREATED: 'A team was made.',
  TEAM_UPDATED: 'A team was given another name or Slack channel.',
  TEAM_MERGED: 'A team became an alias of another.',
  TEAM_MEMBER_ADDED: 'A member was put into a team.',
  TEAM_MEMBER_REMOVED: 'A member was taken out of a team.',
  SERVICE_CREATED: 'A service was made.',
  SERVICE_UPDATED: 'What the catalogue says of a service was changed.',
  SERVICE_MERGED: 'A service became an alias of another.',
  PROJECT_CREATED: 'A project was made.',
  PROJECT_UPDATED: 'A project was given another name.',
  PROJECT_MERGED: 'A project became an alias of another.',
  PLATFORM_EVENT_APPROVED: "An entry of the platform's timeline was approved for every organization to see.",
  PLATFORM_EVENT_WITHDRAWN:
    "That every organization sees an entry of the platform's timeline was taken back.",
  ORGANIZATION_POLICY_CHANGED: 'A part of the policy was changed.',
  API_KEY_CREATED: 'An API key was made.',
  API_KEY_REVOKED: 'An API key was revoked.',
  API_KEY_ROTATED: 'An API key was given a new secret.',
  API_KEY_INGEST_CONFIGURED: 'How what an API key brings is read was changed.',
  SESSION_GATE_BLOCKED: 'An incident began to block sessions of other systems.',
  SESSION_GATE_RELEASED: 'An incident blocks sessions no longer.',
};

/** A type as clients are shown it: one that this program does not know is UNKNOWN. */
export type ShownEventType = LedgerEventType | 'UNKNOWN';

const known = Object.keys(descriptions) as LedgerEventType[];

/** What may be asked for by type, and is shown as one. */
export const LedgerEventTypeEnum = describedEnum<ShownEventType>(
  'LedgerEventType',
  'What an entry of a ledger says happened. Past tense, never renamed; the list only grows.',
  [...known, 'UNKNOWN'],
  {
    ...descriptions,
    UNKNOWN:
      'Something that only a newer version of Warroom understands: `typeName` says what it calls it. Upgrade this server to see it as it is.',
  },
);

/** The type as clients are shown it. */
export function shownType(type: LedgerEventType): ShownEventType {
  return Object.hasOwn(descriptions, type) ? type : 'UNKNOWN';
}

/** The types a client asks for, as they are looked for in a ledger; null for all. */
export function typeFilterOf(types: readonly ShownEventType[] | null | undefined): TypeFilter | null {
  if (types == null) return null;
  const of = types.filter((type) => type !== 'UNKNOWN');
  return { of, besides: of.length < types.length ? known : null };
}
