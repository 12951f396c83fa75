// Made by codegen.ts: change src/client/operations instead.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedQueryDocumentNode as DocumentNode } from 'graphql';
/** What `acknowledgeIncident` needs. */
export type AcknowledgeIncidentInput = {
  /** The `version` you decided on. Refused with ConflictError if the incident changed since in a way that matters; without it, it is applied to whatever is now. */
  readonly expectedVersion?: number | null | undefined;
  /** Your own name for this intent, 1–128 characters. Sent again with the same input, it answers the same and does nothing twice; kept 7 days. */
  readonly idempotencyKey?: string | null | undefined;
  /** The incident: its `id`. */
  readonly incidentId: string | number;
  /** What you know or will do. Required where the policy says `acknowledgeNoteRequired`. At most 1,000 characters. */
  readonly note?: string | null | undefined;
};

/** What kind of actor did something. */
export type ActorKind =
  /** A program acting for people with an API key. */
  | 'API_KEY'
  /** A connector, with an API key of scope INGEST. */
  | 'INTEGRATION'
  /** Warroom itself, on time or by policy. */
  | 'SYSTEM'
  /** A person signed in. */
  | 'USER';

/** A stretch of time; an end that is absent is open. */
export type DateTimeRange = {
  /** Its first instant. */
  readonly from?: string | null | undefined;
  /** The instant after its last. */
  readonly until?: string | null | undefined;
};

/** What happens by itself at an instant. */
export type DeadlineKind =
  /** The acknowledge SLA is breached. */
  | 'ACKNOWLEDGE_SLA'
  /** The acknowledge SLA becomes at risk. */
  | 'ACKNOWLEDGE_SLA_AT_RISK'
  /** It resolves by itself. */
  | 'AUTO_RESOLVE'
  /** A warning that it will resolve by itself in an hour. */
  | 'AUTO_RESOLVE_WARNING'
  /** An escalation rule fires. */
  | 'ESCALATION'
  /** The resolve SLA is breached. */
  | 'RESOLVE_SLA'
  /** The resolve SLA becomes at risk. */
  | 'RESOLVE_SLA_AT_RISK'
  /** The session gate begins to block. */
  | 'SESSION_GATE';

/** What `declareIncident` needs: a title and a severity; everything else may come later. */
export type DeclareIncidentInput = {
  /** What it has in common with signals and other incidents; at most 50. */
  readonly correlationKeys?: ReadonlyArray<string> | null | undefined;
  /** Everything worth knowing. At most 20,000 characters. */
  readonly description?: string | null | undefined;
  /** When it was noticed; SLAs count from here. Default now; at most 5 minutes ahead. */
  readonly detectedAt?: string | null | undefined;
  /** Where: production, staging, … At most 100 characters. */
  readonly environment?: string | null | undefined;
  /** What other systems call it; at most 50. */
  readonly externalRefs?: ReadonlyArray<ExternalRefInput> | null | undefined;
  /** Your own name for this intent, 1–128 characters. Sent again with the same input, it answers the same and does nothing twice; kept 7 days. */
  readonly idempotencyKey?: string | null | undefined;
  /** What it means to those who are affected. At most 1,000 characters. */
  readonly impact?: string | null | undefined;
  /** DRILL for an exercise. Default STANDARD. */
  readonly mode?: IncidentMode | null | undefined;
  /** Name of the team that owns it; a new name makes it. At most 100 characters. */
  readonly ownerTeam?: string | null | undefined;
  /** Name of the project; a new name makes it. At most 100 characters. */
  readonly project?: string | null | undefined;
  /** A path or URL. At most 500 characters. */
  readonly runbook?: string | null | undefined;
  /** Name of the service; a new name makes it. At most 100 characters. */
  readonly service?: string | null | undefined;
  /** How bad it is. */
  readonly severity: IncidentSeverity;
  /** Signals it is about, at most 50: each the `id` of one that belongs to no incident yet. */
  readonly signalIds?: ReadonlyArray<string | number> | null | undefined;
  /** Where it comes from. Default `manual`. At most 100 characters. */
  readonly source?: string | null | undefined;
  /** When the impact began; at most 5 minutes ahead. */
  readonly startedAt?: string | null | undefined;
  /** At most 50. */
  readonly tags?: ReadonlyArray<string> | null | undefined;
  /** What is wrong. At most 200 characters. */
  readonly title: string;
  /** Classification: memory, disk, upload, deploy, dependency, network, … At most 100 characters. */
  readonly type?: string | null | undefined;
};

/** Why something was refused or failed. Codes are never renamed; each has a page in the documentation. */
export type ErrorCode =
  /** Someone else acknowledged the incident already. The error names who, and when. */
  | 'ALREADY_ACKNOWLEDGED'
  /** The request is not well formed. The message says which argument and why. */
  | 'BAD_USER_INPUT'
  /** Someone changed it since the version you expected. Read it again and decide on what it is now. */
  | 'CONFLICT'
  /** A session's cookie came with a request that another site's page sent. Use an API key there, or set WARROOM_PUBLIC_URL to the address people reach Warroom by. */
  | 'CROSS_ORIGIN'
  /** The cursor is past the end of what is followed, so it is not from this organization or database. Read `ledgerHead`, for runs `runsHead`, and resume from there. */
  | 'CURSOR_BEYOND_HEAD'
  /** Your role or the scopes of your API key do not allow this. The error names the role or scope that does. */
  | 'FORBIDDEN'
  /** The idempotency key was used with another mutation or other input. Use a new key for a new intent. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** Something unexpected went wrong. Quote the request id when you report it. */
  | 'INTERNAL'
  /** The incident is in a status that does not allow this. The error names the statuses that can follow. */
  | 'INVALID_TRANSITION'
  /** Nothing with that id or reference exists in your organization. Check the id, and the organization you act in. */
  | 'NOT_FOUND'
  /** The operation is too deep, too costly or too long. The message names the limit. */
  | 'OPERATION_REFUSED'
  /** Warroom is busy; nothing was done. Try again after `retryAfterSeconds` with the same idempotency key. */
  | 'OVERLOADED'
  /** Too many requests. Wait `retryAfterSeconds` and try again. */
  | 'RATE_LIMITED'
  /** This server is older than the data it was asked to change. Ask a newer instance, or upgrade this one. */
  | 'SERVER_OUTDATED'
  /** An incident that nobody has acknowledged keeps this person out of other systems. The answer names it, and what ends that. */
  | 'SESSION_GATED'
  /** No valid credential was sent. Send `Authorization: Bearer <API key>`, or sign in. */
  | 'UNAUTHENTICATED'
  /** One or more input fields are not acceptable. `fields` names each with what is expected. */
  | 'VALIDATION_FAILED'
  /** A step of the workflow is missing. `missing` names what must be recorded first. */
  | 'WORKFLOW_GATE_UNMET';

/** What another system calls this incident. */
export type ExternalRefInput = {
  /** Its id there. At most 200 characters. */
  readonly id: string;
  /** The system, e.g. `pagerduty`. At most 100 characters. */
  readonly system: string;
  /** Where it is there. */
  readonly url?: string | null | undefined;
};

/** Which events are wanted: those that match every field given; a list means any of. */
export type IncidentEventFilter = {
  /** Of this incident: its `id`. */
  readonly incidentId?: string | number | null | undefined;
  /** Only those that are proposed for the status page. */
  readonly publicOnly?: boolean | null | undefined;
  /** Of incidents that had any of these severities right after. */
  readonly severity?: ReadonlyArray<IncidentSeverity> | null | undefined;
  /** Of any of these types. */
  readonly types?: ReadonlyArray<LedgerEventType> | null | undefined;
};

/** Which incidents are wanted: those that match every field given; a list means any of, `tags` all of. */
export type IncidentFilter = {
  /** Whether somebody has it now. */
  readonly acknowledged?: boolean | null | undefined;
  /** Assigned to this user: their `id`. */
  readonly assigneeId?: string | number | null | undefined;
  /** With this correlation key. */
  readonly correlationKey?: string | null | undefined;
  /** Noticed in this stretch of time. */
  readonly detectedAt?: DateTimeRange | null | undefined;
  /** Whose impact ended in this stretch of time. */
  readonly endedAt?: DateTimeRange | null | undefined;
  /** In any of these environments. */
  readonly environment?: ReadonlyArray<string> | null | undefined;
  /** Whether its notes document says anything. */
  readonly hasNotes?: boolean | null | undefined;
  /** Whether a root cause is recorded. */
  readonly hasRootCause?: boolean | null | undefined;
  /** Whether it is before RESOLVED and not cancelled. */
  readonly isOpen?: boolean | null | undefined;
  /** Real ones, or drills. */
  readonly mode?: IncidentMode | null | undefined;
  /** Whether it is open and nobody has it for longer than the policy allows. */
  readonly overdue?: boolean | null | undefined;
  /** Owned by any of these teams: their `id`s. */
  readonly ownerTeamId?: ReadonlyArray<string | number> | null | undefined;
  /** Of any of these projects: their `id`s. */
  readonly projectId?: ReadonlyArray<string | number> | null | undefined;
  /** Declared in this stretch of time. */
  readonly reportedAt?: DateTimeRange | null | undefined;
  /** Resolved in this stretch of time. */
  readonly resolvedAt?: DateTimeRange | null | undefined;
  /** With these words in title or description, or with this reference; ≤ 200 characters. */
  readonly search?: string | null | undefined;
  /** Of any of these services: their `id`s. */
  readonly serviceId?: ReadonlyArray<string | number> | null | undefined;
  /** Of any of these severities. */
  readonly severity?: ReadonlyArray<IncidentSeverity> | null | undefined;
  /** Whether any of its SLAs was breached. */
  readonly slaBreached?: boolean | null | undefined;
  /** From any of these sources. */
  readonly source?: ReadonlyArray<string> | null | undefined;
  /** In any of these statuses. */
  readonly status?: ReadonlyArray<IncidentStatus> | null | undefined;
  /** With all of these tags. */
  readonly tags?: ReadonlyArray<string> | null | undefined;
  /** Of any of these classifications. */
  readonly type?: ReadonlyArray<string> | null | undefined;
};

/** Whether it is real. */
export type IncidentMode =
  /** An exercise: pages carry its mark, statistics leave it out. */
  | 'DRILL'
  /** A real incident. */
  | 'STANDARD';

/** How a list of incidents is sorted. */
export type IncidentOrder = {
  /** Which end comes first. */
  readonly direction: OrderDirection;
  /** By what. */
  readonly field: IncidentOrderField;
};

/** What a list of incidents is sorted by; ties by number, in the same direction. */
export type IncidentOrderField =
  /** When it was noticed. */
  | 'DETECTED_AT'
  /** Its number. */
  | 'NUMBER'
  /** When it was declared. */
  | 'REPORTED_AT'
  /** When it was resolved; one that is not counts as later than all that are. */
  | 'RESOLVED_AT'
  /** How bad it is; ascending is most severe first. */
  | 'SEVERITY';

/** How bad it is. */
export type IncidentSeverity =
  /** Critical: acknowledge within 15 minutes by default. */
  | 'SEV1'
  /** High: acknowledge within 30 minutes by default. */
  | 'SEV2'
  /** Medium: acknowledge within 2 hours by default. */
  | 'SEV3'
  /** Low: acknowledge within 8 hours by default. */
  | 'SEV4';

/** Where an incident stands in its life. */
export type IncidentStatus =
  /** Somebody has taken it. */
  | 'ACKNOWLEDGED'
  /** It was none: a duplicate or a false alarm. */
  | 'CANCELLED'
  /** Learned from and done; only notes, tags, tickets, actions and visibility may still change. */
  | 'CLOSED'
  /** A root cause is recorded. */
  | 'IDENTIFIED'
  /** The cause is being looked for. */
  | 'INVESTIGATING'
  /** The impact is contained; it is being watched. */
  | 'MITIGATED'
  /** Declared; nobody has taken it yet. */
  | 'REPORTED'
  /** The impact is over. */
  | 'RESOLVED';

/** What an entry of a ledger says happened. Past tense, never renamed; the list only grows. */
export type LedgerEventType =
  /** An API key was made. */
  | 'API_KEY_CREATED'
  /** How what an API key brings is read was changed. */
  | 'API_KEY_INGEST_CONFIGURED'
  /** An API key was revoked. */
  | 'API_KEY_REVOKED'
  /** An API key was given a new secret. */
  | 'API_KEY_ROTATED'
  /** Another incident became part of it. */
  | 'INCIDENT_ABSORBED'
  /** Somebody took it. */
  | 'INCIDENT_ACKNOWLEDGED'
  /** The services it affects were set. */
  | 'INCIDENT_AFFECTED_SERVICES_SET'
  /** Its assignee or owner team changed. */
  | 'INCIDENT_ASSIGNED'
  /** A warning that it will resolve by itself. */
  | 'INCIDENT_AUTO_RESOLVE_WARNED'
  /** A bulk action begins no further target. */
  | 'INCIDENT_BULK_ACTION_CANCELLED'
  /** All targets of a bulk action are over. */
  | 'INCIDENT_BULK_ACTION_FINISHED'
  /** An action on many targets began. */
  | 'INCIDENT_BULK_ACTION_STARTED'
  /** Runs failed that are of its burst: one event a report, however many. */
  | 'INCIDENT_BURST_GREW'
  /** It was cancelled. */
  | 'INCIDENT_CANCELLED'
  /** It was closed, with what was learned. */
  | 'INCIDENT_CLOSED'
  /** It was declared. */
  | 'INCIDENT_CREATED'
  /** It escalated, by a rule or because somebody asked. */
  | 'INCIDENT_ESCALATED'
  /** A ticket was linked. */
  | 'INCIDENT_LINKED_TO_TICKET'
  /** It became part of another incident, and is cancelled itself. */
  | 'INCIDENT_MERGED'
  /** Its notes document was edited. */
  | 'INCIDENT_NOTES_EDITED'
  /** A note was added to its timeline. */
  | 'INCIDENT_NOTE_ADDED'
  /** An action was taken. */
  | 'INCIDENT_PLAYBOOK_ACTION_EXECUTED'
  /** It was reopened. */
  | 'INCIDENT_REOPENED'
  /** It was resolved, by a person or by itself. */
  | 'INCIDENT_RESOLVED'
  /** A role on it was given or taken back. */
  | 'INCIDENT_ROLE_ASSIGNED'
  /** A root cause was recorded; it supersedes an earlier one. */
  | 'INCIDENT_ROOT_CAUSE_RECORDED'
  /** The root cause was verified. */
  | 'INCIDENT_ROOT_CAUSE_VERIFIED'
  /** Its severity was raised or lowered. */
  | 'INCIDENT_SEVERITY_CHANGED'
  /** A signal stopped firing. */
  | 'INCIDENT_SIGNAL_CLEARED'
  /** A signal was attached. */
  | 'INCIDENT_SIGNAL_INGESTED'
  /** A signal of it went to an incident of its own. */
  | 'INCIDENT_SIGNAL_SPLIT'
  /** An SLA became at risk. */
  | 'INCIDENT_SLA_AT_RISK'
  /** An SLA was breached. */
  | 'INCIDENT_SLA_BREACHED'
  /** A violated service level objective was recorded. */
  | 'INCIDENT_SLO_VIOLATION_RECORDED'
  /** Escalations for want of an acknowledgement wait for a while, or a snooze was ended. */
  | 'INCIDENT_SNOOZED'
  /** Its status changed by a message of its responders. */
  | 'INCIDENT_STATUS_CHANGED'
  /** The system that syncs it has something new of it. */
  | 'INCIDENT_SYNCED'
  /** A tag was added. */
  | 'INCIDENT_TAG_ADDED'
  /** A tag was removed. */
  | 'INCIDENT_TAG_REMOVED'
  /** Whoever took it gave it back. */
  | 'INCIDENT_UNACKNOWLEDGED'
  /** A ticket was unlinked. */
  | 'INCIDENT_UNLINKED_FROM_TICKET'
  /** Its title, description, classification or window was edited. */
  | 'INCIDENT_UPDATED'
  /** An entry of its timeline was proposed for the status page, or withdrawn. */
  | 'INCIDENT_VISIBILITY_CHANGED'
  /** An invitation was taken back. */
  | 'INVITATION_REVOKED'
  /** A user became a member. */
  | 'MEMBER_ADDED'
  /** Somebody was invited. */
  | 'MEMBER_INVITED'
  /** A member was removed, or left. */
  | 'MEMBER_REMOVED'
  /** A member was given another role. */
  | 'MEMBER_ROLE_CHANGED'
  /** The organization was founded. */
  | 'ORGANIZATION_CREATED'
  /** A part of the policy was changed. */
  | 'ORGANIZATION_POLICY_CHANGED'
  /** The organization was given another name. */
  | 'ORGANIZATION_RENAMED'
  /** An entry of the platform's timeline was approved for every organization to see. */
  | 'PLATFORM_EVENT_APPROVED'
  /** That every organization sees an entry of the platform's timeline was taken back. */
  | 'PLATFORM_EVENT_WITHDRAWN'
  /** A project was made. */
  | 'PROJECT_CREATED'
  /** A project became an alias of another. */
  | 'PROJECT_MERGED'
  /** A project was given another name. */
  | 'PROJECT_UPDATED'
  /** A service was made. */
  | 'SERVICE_CREATED'
  /** A service became an alias of another. */
  | 'SERVICE_MERGED'
  /** What the catalogue says of a service was changed. */
  | 'SERVICE_UPDATED'
  /** An incident began to block sessions of other systems. */
  | 'SESSION_GATE_BLOCKED'
  /** An incident blocks sessions no longer. */
  | 'SESSION_GATE_RELEASED'
  /** A superadmin, no member of the organization, asked for something in it. */
  | 'SUPERADMIN_ACTED'
  /** Somebody became a superadmin of the installation. */
  | 'SUPERADMIN_GRANTED'
  /** Somebody is a superadmin of the installation no more. */
  | 'SUPERADMIN_REVOKED'
  /** A team was made. */
  | 'TEAM_CREATED'
  /** A member was put into a team. */
  | 'TEAM_MEMBER_ADDED'
  /** A member was taken out of a team. */
  | 'TEAM_MEMBER_REMOVED'
  /** A team became an alias of another. */
  | 'TEAM_MERGED'
  /** A team was given another name or Slack channel. */
  | 'TEAM_UPDATED'
  /** Something that only a newer version of Warroom understands: `typeName` says what it calls it. Upgrade this server to see it as it is. */
  | 'UNKNOWN';

/** Which end comes first. */
export type OrderDirection =
  /** Smallest or oldest first; for severity the most severe first. */
  | 'ASC'
  /** Largest or newest first; for severity the least severe first. */
  | 'DESC';

/** What kind of cause it was. */
export type RootCauseCategory =
  /** It was configured wrongly. */
  | 'CONFIGURATION'
  /** Something we depend on failed. */
  | 'EXTERNAL_DEPENDENCY'
  /** An attack or a vulnerability. */
  | 'SECURITY'
  /** A defect of our own software. */
  | 'SYSTEM_DEFECT'
  /** Not known, and recorded as such. */
  | 'UNKNOWN'
  /** Somebody used or operated it wrongly. */
  | 'USER_ERROR';

/** What the workflow asks a person to do next. */
export type WorkflowStep =
  /** Acknowledge the incident. */
  | 'ACKNOWLEDGE'
  /** Close the incident. */
  | 'CLOSE'
  /** Record the lessons learned and the follow-ups. */
  | 'RECORD_LESSONS'
  /** Record the root cause. */
  | 'RECORD_ROOT_CAUSE'
  /** Resolve the incident. */
  | 'RESOLVE'
  /** Verify the recorded root cause. */
  | 'VERIFY_ROOT_CAUSE';

type IncidentLine_Incident_Fragment = { readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null };

type IncidentLine_IncidentSnapshot_Fragment = { readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null };

export type IncidentLineFragment =
  | IncidentLine_Incident_Fragment
  | IncidentLine_IncidentSnapshot_Fragment
;

export type IncidentsQueryVariables = Exact<{
  filter?: IncidentFilter | null | undefined;
  orderBy?: IncidentOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type IncidentsQuery = { readonly incidents: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly pendingActions: ReadonlyArray<{ readonly kind: DeadlineKind, readonly dueAt: string, readonly description: string }>, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type IncidentQueryVariables = Exact<{
  reference: string;
  timeline?: number | null | undefined;
}>;


export type IncidentQuery = { readonly incident: { readonly id: string, readonly description: string, readonly tags: ReadonlyArray<string>, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly acknowledgement: { readonly at: string, readonly note: string | null, readonly actor: { readonly name: string } } | null, readonly rootCause: { readonly summary: string, readonly category: RootCauseCategory, readonly identifiedAt: string } | null, readonly resolution: { readonly summary: string, readonly automatic: boolean, readonly resolvedAt: string } | null, readonly timeline: { readonly nodes: ReadonlyArray<
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
        | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      > }, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null } | null };

export type DeclareIncidentMutationVariables = Exact<{
  input: DeclareIncidentInput;
}>;


export type DeclareIncidentMutation = { readonly declareIncident:
    | { readonly __typename: 'DeclareIncidentPayload', readonly sequence: number, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null } }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'IdempotencyError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'ValidationError', readonly code: ErrorCode, readonly message: string }
   | null };

export type AcknowledgeIncidentMutationVariables = Exact<{
  input: AcknowledgeIncidentInput;
}>;


export type AcknowledgeIncidentMutation = { readonly acknowledgeIncident:
    | { readonly __typename: 'AcknowledgeIncidentPayload', readonly sequence: number, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null } }
    | { readonly __typename: 'ConflictError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'IdempotencyError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InvalidTransitionError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'NotFoundError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'ValidationError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'WorkflowGateError', readonly code: ErrorCode, readonly message: string }
   | null };

type EventLine_IncidentAbsorbed_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentAcknowledged_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentAffectedServicesSet_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentAssigned_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentAutoResolveWarned_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentBulkActionCancelled_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentBulkActionFinished_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentBulkActionStarted_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentBurstGrew_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentCancelled_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentClosed_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentCreated_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentEscalated_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentLinkedToTicket_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentMerged_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentNoteAdded_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentNotesEdited_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentPlaybookActionExecuted_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentReopened_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentResolved_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentRoleAssigned_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentRootCauseRecorded_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentRootCauseVerified_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentSeverityChanged_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentSignalCleared_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentSignalIngested_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentSignalSplit_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentSlaAtRisk_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentSlaBreached_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentSloViolationRecorded_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentSnoozed_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentStatusChanged_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentSynced_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentTagAdded_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentTagRemoved_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentUnacknowledged_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentUnknownEvent_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentUnlinkedFromTicket_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentUpdated_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

type EventLine_IncidentVisibilityChanged_Fragment = { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } };

export type EventLineFragment =
  | EventLine_IncidentAbsorbed_Fragment
  | EventLine_IncidentAcknowledged_Fragment
  | EventLine_IncidentAffectedServicesSet_Fragment
  | EventLine_IncidentAssigned_Fragment
  | EventLine_IncidentAutoResolveWarned_Fragment
  | EventLine_IncidentBulkActionCancelled_Fragment
  | EventLine_IncidentBulkActionFinished_Fragment
  | EventLine_IncidentBulkActionStarted_Fragment
  | EventLine_IncidentBurstGrew_Fragment
  | EventLine_IncidentCancelled_Fragment
  | EventLine_IncidentClosed_Fragment
  | EventLine_IncidentCreated_Fragment
  | EventLine_IncidentEscalated_Fragment
  | EventLine_IncidentLinkedToTicket_Fragment
  | EventLine_IncidentMerged_Fragment
  | EventLine_IncidentNoteAdded_Fragment
  | EventLine_IncidentNotesEdited_Fragment
  | EventLine_IncidentPlaybookActionExecuted_Fragment
  | EventLine_IncidentReopened_Fragment
  | EventLine_IncidentResolved_Fragment
  | EventLine_IncidentRoleAssigned_Fragment
  | EventLine_IncidentRootCauseRecorded_Fragment
  | EventLine_IncidentRootCauseVerified_Fragment
  | EventLine_IncidentSeverityChanged_Fragment
  | EventLine_IncidentSignalCleared_Fragment
  | EventLine_IncidentSignalIngested_Fragment
  | EventLine_IncidentSignalSplit_Fragment
  | EventLine_IncidentSlaAtRisk_Fragment
  | EventLine_IncidentSlaBreached_Fragment
  | EventLine_IncidentSloViolationRecorded_Fragment
  | EventLine_IncidentSnoozed_Fragment
  | EventLine_IncidentStatusChanged_Fragment
  | EventLine_IncidentSynced_Fragment
  | EventLine_IncidentTagAdded_Fragment
  | EventLine_IncidentTagRemoved_Fragment
  | EventLine_IncidentUnacknowledged_Fragment
  | EventLine_IncidentUnknownEvent_Fragment
  | EventLine_IncidentUnlinkedFromTicket_Fragment
  | EventLine_IncidentUpdated_Fragment
  | EventLine_IncidentVisibilityChanged_Fragment
;

export type LedgerHeadQueryVariables = Exact<{ [key: string]: never; }>;


export type LedgerHeadQuery = { readonly ledgerHead: { readonly sequence: number, readonly hash: string, readonly at: string } };

export type IncidentEventsQueryVariables = Exact<{
  filter?: IncidentEventFilter | null | undefined;
  afterSequence?: number | null | undefined;
  first?: number | null | undefined;
}>;


export type IncidentEventsQuery = { readonly incidentEvents: { readonly nodes: ReadonlyArray<
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
      | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    >, readonly pageInfo: { readonly hasNextPage: boolean } } };

export type FollowIncidentEventsSubscriptionVariables = Exact<{
  after?: number | null | undefined;
  filter?: IncidentEventFilter | null | undefined;
}>;


export type FollowIncidentEventsSubscription = { readonly incidentEvents:
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
    | { readonly id: string, readonly sequence: number, readonly type: LedgerEventType, readonly at: string, readonly version: number, readonly message: string, readonly isPublic: boolean, readonly incident: { readonly id: string, readonly reference: string, readonly number: number, readonly version: number, readonly sequence: number, readonly title: string, readonly severity: IncidentSeverity, readonly status: IncidentStatus, readonly isOpen: boolean, readonly mode: IncidentMode, readonly source: string, readonly detectedAt: string, readonly updatedAt: string, readonly slaBreached: boolean, readonly nextStep: WorkflowStep | null, readonly service: { readonly id: string, readonly name: string } | null, readonly assignee: { readonly id: string, readonly name: string } | null }, readonly actor: { readonly kind: ActorKind, readonly name: string } }
   };

export const IncidentLineFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"IncidentLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IncidentState"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reference"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"severity"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"isOpen"}},{"kind":"Field","name":{"kind":"Name","value":"mode"}},{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"detectedAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"slaBreached"}},{"kind":"Field","name":{"kind":"Name","value":"nextStep"}},{"kind":"Field","name":{"kind":"Name","value":"service"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"assignee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<IncidentLineFragment, unknown>;
export const EventLineFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IncidentEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"isPublic"}},{"kind":"Field","name":{"kind":"Name","value":"actor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<EventLineFragment, unknown>;
export const IncidentsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Incidents"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"IncidentFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"IncidentOrder"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"incidents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"IncidentLine"}},{"kind":"Field","name":{"kind":"Name","value":"pendingActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"dueAt"}},{"kind":"Field","name":{"kind":"Name","value":"description"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"IncidentLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IncidentState"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reference"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"severity"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"isOpen"}},{"kind":"Field","name":{"kind":"Name","value":"mode"}},{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"detectedAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"slaBreached"}},{"kind":"Field","name":{"kind":"Name","value":"nextStep"}},{"kind":"Field","name":{"kind":"Name","value":"service"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"assignee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<IncidentsQuery, IncidentsQueryVariables>;
export const IncidentDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Incident"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"reference"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"timeline"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}},"defaultValue":{"kind":"IntValue","value":"25"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"incident"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"reference"},"value":{"kind":"Variable","name":{"kind":"Name","value":"reference"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"IncidentLine"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"tags"}},{"kind":"Field","name":{"kind":"Name","value":"acknowledgement"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"note"}},{"kind":"Field","name":{"kind":"Name","value":"actor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"rootCause"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"category"}},{"kind":"Field","name":{"kind":"Name","value":"identifiedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"resolution"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"automatic"}},{"kind":"Field","name":{"kind":"Name","value":"resolvedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"timeline"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"last"},"value":{"kind":"Variable","name":{"kind":"Name","value":"timeline"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EventLine"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"IncidentLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IncidentState"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reference"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"severity"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"isOpen"}},{"kind":"Field","name":{"kind":"Name","value":"mode"}},{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"detectedAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"slaBreached"}},{"kind":"Field","name":{"kind":"Name","value":"nextStep"}},{"kind":"Field","name":{"kind":"Name","value":"service"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"assignee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IncidentEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"isPublic"}},{"kind":"Field","name":{"kind":"Name","value":"actor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<IncidentQuery, IncidentQueryVariables>;
export const DeclareIncidentDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeclareIncident"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DeclareIncidentInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"declareIncident"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DeclareIncidentPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"incident"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"IncidentLine"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"IncidentLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IncidentState"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reference"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"severity"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"isOpen"}},{"kind":"Field","name":{"kind":"Name","value":"mode"}},{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"detectedAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"slaBreached"}},{"kind":"Field","name":{"kind":"Name","value":"nextStep"}},{"kind":"Field","name":{"kind":"Name","value":"service"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"assignee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<DeclareIncidentMutation, DeclareIncidentMutationVariables>;
export const AcknowledgeIncidentDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"AcknowledgeIncident"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"AcknowledgeIncidentInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"acknowledgeIncident"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AcknowledgeIncidentPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"incident"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"IncidentLine"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"IncidentLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IncidentState"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reference"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"severity"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"isOpen"}},{"kind":"Field","name":{"kind":"Name","value":"mode"}},{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"detectedAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"slaBreached"}},{"kind":"Field","name":{"kind":"Name","value":"nextStep"}},{"kind":"Field","name":{"kind":"Name","value":"service"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"assignee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<AcknowledgeIncidentMutation, AcknowledgeIncidentMutationVariables>;
export const LedgerHeadDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"LedgerHead"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ledgerHead"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"hash"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}}]}}]} as unknown as DocumentNode<LedgerHeadQuery, LedgerHeadQueryVariables>;
export const IncidentEventsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"IncidentEvents"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"IncidentEventFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"afterSequence"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"SafeInt"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"incidentEvents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"afterSequence"},"value":{"kind":"Variable","name":{"kind":"Name","value":"afterSequence"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EventLine"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IncidentEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"isPublic"}},{"kind":"Field","name":{"kind":"Name","value":"actor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<IncidentEventsQuery, IncidentEventsQueryVariables>;
export const FollowIncidentEventsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"FollowIncidentEvents"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"SafeInt"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"IncidentEventFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"incidentEvents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EventLine"}},{"kind":"Field","name":{"kind":"Name","value":"incident"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"IncidentLine"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IncidentEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"isPublic"}},{"kind":"Field","name":{"kind":"Name","value":"actor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"IncidentLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IncidentState"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reference"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"severity"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"isOpen"}},{"kind":"Field","name":{"kind":"Name","value":"mode"}},{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"detectedAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"slaBreached"}},{"kind":"Field","name":{"kind":"Name","value":"nextStep"}},{"kind":"Field","name":{"kind":"Name","value":"service"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"assignee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<FollowIncidentEventsSubscription, FollowIncidentEventsSubscriptionVariables>;