import { describeCatalogue } from '../catalogue/describe.ts';
import { clipText } from '../clipText.ts';
import type { NameKind, SessionGateRelease } from '../incident/vocabulary.ts';
import type { AdministrationEvent, PolicyPart } from './events.ts';

const partWords: Readonly<Record<PolicyPart, string>> = {
  SLA: 'the SLA targets',
  ESCALATION_RULES: 'the escalation rules',
  WORKFLOW: 'the workflow',
  AUTO_RESOLVE: 'when incidents resolve themselves',
  SESSION_GATE: 'the session gate',
  RUNS: 'how severe bursts of runs are',
  ACCESS_LOG: 'what the access log keeps',
  DETECTION_RULES: 'the rules of detection',
  MAINTENANCE_WINDOWS: 'the maintenance windows',
  ACTION_WEBHOOKS: 'where sources take actions on their targets',
};

const releaseWords: Readonly<Record<SessionGateRelease, (who: string, incident: string) => string>> = {
  ACKNOWLEDGED: (who, incident) => `${who} acknowledged ${incident}`,
  RESOLVED: (who, incident) => `${who} resolved ${incident}`,
  CANCELLED: (who, incident) => `${who} cancelled ${incident}`,
  SEVERITY_CHANGED: (who, incident) => `${who} changed the severity of ${incident}`,
  POLICY_CHANGED: (_who, incident) => `The policy does not gate ${incident} any more`,
};

/** An event of the administration ledger as one sentence for a person. */
export function describeAdministration(
  event: AdministrationEvent,
  who: string,
  names: {
    user(userId: string): string;
    incident(incidentId: string): string;
    name(kind: NameKind, id: string): string;
  },
): string {
  switch (event.type) {
    case 'ORGANIZATION_CREATED':
      return `${who} founded the organization ${event.payload.name}.`;
    case 'ORGANIZATION_RENAMED':
      return `${who} renamed the organization to ${event.payload.name}.`;
    case 'MEMBER_INVITED':
      return `${who} invited somebody as ${event.payload.role}, until ${event.payload.expiresAt}.`;
    case 'INVITATION_REVOKED':
      return `${who} took an invitation back.`;
    case 'MEMBER_ADDED':
      return event.payload.invitationId === undefined
        ? `${who} added ${names.user(event.payload.userId)} as ${event.payload.role}.`
        : `${who} accepted an invitation and became a member as ${event.payload.role}.`;
    case 'MEMBER_REMOVED':
      return event.actor.kind === 'USER' && event.actor.id === event.payload.userId
        ? `${who} left the organization.`
        : `${who} removed ${names.user(event.payload.userId)}.`;
    case 'MEMBER_ROLE_CHANGED':
      return `${who} made ${names.user(event.payload.userId)} ${event.payload.role}; they were ${event.payload.roleBefore}.`;
    case 'ORGANIZATION_POLICY_CHANGED':
      return `${who} changed ${partWords[event.payload.part]}: policy version ${event.payload.policy.version}.`;
    case 'SUPERADMIN_ACTED':
      return `${who}, a superadmin and no member, asked for ${event.payload.fields.join(', ')}.`;
    case 'SUPERADMIN_GRANTED':
    case 'SUPERADMIN_REVOKED':
    case 'PLATFORM_EVENT_APPROVED':
    case 'PLATFORM_EVENT_WITHDRAWN':
      return describePlatform(event, who, names);
    case 'API_KEY_CREATED':
      return `${who} created the API key ${event.payload.name} (${event.payload.prefix}…) with the role ${event.payload.role} and the scopes ${event.payload.scopes.join(', ')}.`;
    case 'API_KEY_REVOKED':
      return `${who} revoked the API key ${event.payload.apiKeyId}.`;
    case 'API_KEY_ROTATED':
      return `${who} gave the API key ${event.payload.supersedes}… a new secret, ${event.payload.prefix}…; the old one works until ${event.payload.overlapEndsAt}.`;
    case 'API_KEY_INGEST_CONFIGURED':
      return `${who} said how what the API key ${event.payload.apiKeyId} brings is read: version ${event.payload.configuration.version}.`;
    case 'SESSION_GATE_BLOCKED': {
      const { incidentId, severity, unacknowledgedSince } = event.payload;
      return `${names.incident(incidentId)} blocks sessions: it is ${severity} and has been unacknowledged since ${unacknowledgedSince}.`;
    }
    case 'SESSION_GATE_RELEASED': {
      const { incidentId, reason } = event.payload;
      return `${releaseWords[reason](who, names.incident(incidentId))}: it blocks sessions no longer.`;
    }
    default:
      return describeCatalogue(event, who, names);
  }
}

type PlatformEvent = Extract<
  AdministrationEvent,
  { readonly type: `SUPERADMIN_${'GRANTED' | 'REVOKED'}` | `PLATFORM_EVENT_${string}` }
>;

function describePlatform(
  event: PlatformEvent,
  who: string,
  names: { user(userId: string): string; incident(incidentId: string): string },
): string {
  switch (event.type) {
    case 'SUPERADMIN_GRANTED':
      return `${who} made ${names.user(event.payload.userId)} a superadmin of the installation.`;
    case 'SUPERADMIN_REVOKED':
      return `${who} took from ${names.user(event.payload.userId)} that they are a superadmin.`;
    case 'PLATFORM_EVENT_APPROVED': {
      const { ofSequence, incidentId, message } = event.payload;
      return `${who} approved event ${ofSequence} of ${names.incident(incidentId)} for every organization to see: ${clipText(message.replace(/\s+/g, ' '), 280)}`;
    }
    case 'PLATFORM_EVENT_WITHDRAWN': {
      const { ofSequence, incidentId } = event.payload;
      return `${who} took back that every organization sees event ${ofSequence} of ${names.incident(incidentId)}.`;
    }
  }
}
