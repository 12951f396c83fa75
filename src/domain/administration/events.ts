import type { OperationKind } from '../access/accessEntry.ts';
import type { Actor, ApiKeyScope, MemberRole } from '../access/actor.ts';
import type { CatalogueEventPayloads } from '../catalogue/events.ts';
import type { IngestConfiguration } from '../detection/ingestConfiguration.ts';
import type { IncidentSeverity, IncidentStatus, SessionGateRelease } from '../incident/vocabulary.ts';
import type { Instant } from '../instant.ts';
import type { Policy } from '../policy/policy.ts';

/** The parts of a policy: what one mutation sets. */
export const policyParts = [
  'SLA',
  'ESCALATION_RULES',
  'WORKFLOW',
  'AUTO_RESOLVE',
  'SESSION_GATE',
  'RUNS',
  'ACCESS_LOG',
  'DETECTION_RULES',
  'MAINTENANCE_WINDOWS',
  'ACTION_WEBHOOKS',
] as const;
export type PolicyPart = (typeof policyParts)[number];

/** Event type → payload of the administration ledger. Past tense, never renamed. */
export interface AdministrationEventPayloads extends CatalogueEventPayloads {
  ORGANIZATION_CREATED: { readonly slug: string; readonly name: string };
  ORGANIZATION_RENAMED: { readonly name: string };
  MEMBER_INVITED: {
    readonly invitationId: string;
    readonly role: MemberRole;
    readonly expiresAt: Instant;
  };
  INVITATION_REVOKED: { readonly invitationId: string };
  /** `invitationId`: the invitation they accepted; absent for the founder. */
  MEMBER_ADDED: { readonly userId: string; readonly role: MemberRole; readonly invitationId?: string };
  MEMBER_REMOVED: { readonly userId: string };
  MEMBER_ROLE_CHANGED: {
    readonly userId: string;
    readonly roleBefore: MemberRole;
    readonly role: MemberRole;
  };
  /** A SUPERADMIN, no member here, was about to ask for this; `requestId` is in the access log, too. */
  SUPERADMIN_ACTED: {
    readonly operation: OperationKind;
    readonly fields: readonly string[];
    readonly requestId: string;
  };
  /** In the platform's own ledger: from here on they may act in every organization, or no more. */
  SUPERADMIN_GRANTED: { readonly userId: string };
  SUPERADMIN_REVOKED: { readonly userId: string };
  /** An entry of the incidents ledger is shown to every organization from here on, exactly as this says. */
  PLATFORM_EVENT_APPROVED: {
    readonly ofSequence: number;
    readonly incidentId: string;
    readonly message: string;
    readonly title: string;
    /** Severity, status and instant of the entry itself. */
    readonly severity: IncidentSeverity;
    readonly status: IncidentStatus;
    readonly at: Instant;
  };
  PLATFORM_EVENT_WITHDRAWN: { readonly ofSequence: number; readonly incidentId: string };
  /** `policy` is the whole policy as it is from here on. */
  ORGANIZATION_POLICY_CHANGED: { readonly part: PolicyPart; readonly policy: Policy };
  API_KEY_CREATED: {
    readonly apiKeyId: string;
    readonly name: string;
    readonly prefix: string;
    readonly role: MemberRole;
    readonly scopes: readonly ApiKeyScope[];
    readonly expiresAt: Instant | null;
  };
  API_KEY_REVOKED: { readonly apiKeyId: string };
  /** `prefix`: how its secret begins now; `supersedes`: how the one began that works until `overlapEndsAt`. */
  API_KEY_ROTATED: {
    readonly apiKeyId: string;
    readonly prefix: string;
    readonly supersedes: string;
    readonly overlapEndsAt: Instant;
  };
  /** How what the key brings is read from here on, whole. */
  API_KEY_INGEST_CONFIGURED: { readonly apiKeyId: string; readonly configuration: IngestConfiguration };
  /** An incident begins to block sessions; decided on its `incidentVersion`, and due at `dueAt`. */
  SESSION_GATE_BLOCKED: {
    readonly incidentId: string;
    readonly incidentVersion: number;
    readonly severity: IncidentSeverity;
    readonly unacknowledgedSince: Instant;
    readonly dueAt: Instant;
  };
  /** It blocks no longer, as of its `incidentVersion`; it had since `blockedAt`. */
  SESSION_GATE_RELEASED: {
    readonly incidentId: string;
    readonly incidentVersion: number;
    readonly blockedAt: Instant;
    readonly reason: SessionGateRelease;
  };
}

export type AdministrationEventType = keyof AdministrationEventPayloads;

interface AdministrationEnvelope {
  readonly typeVersion: 1;
  readonly policyVersion: number;
  readonly commandId: string;
  readonly actor: Actor;
  readonly at: Instant;
}

/** An event of the administration ledger; serialized in this order, it is the `body` that is hashed. */
export type AdministrationEvent = {
  [T in AdministrationEventType]: { readonly type: T } & AdministrationEnvelope & {
      readonly payload: AdministrationEventPayloads[T];
    };
}[AdministrationEventType];
