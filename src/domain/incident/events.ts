import type { Actor } from '../access/actor.ts';
import type { BulkActionCounts, BulkActionKind, BulkActionStart } from '../bulkAction/bulkAction.ts';
import type { Burst } from '../detection/burst.ts';
import type { SyncedIncident } from '../detection/syncedIncident.ts';
import type { Instant } from '../instant.ts';
import type { AffectedService, ExternalRef, FollowUp, Ticket } from './state.ts';
import type {
  ActionKind,
  EscalationReason,
  EscalationTargetKind,
  IncidentMode,
  IncidentRole,
  IncidentSeverity,
  IncidentStatus,
  NameKind,
  RootCauseCategory,
  SignalType,
  SlaKind,
} from './vocabulary.ts';

/** A team, service or project made on first use; the event that used it first carries it, so replay can make it. */
export interface NewName {
  readonly kind: NameKind;
  readonly id: string;
  readonly name: string;
}

/** A signal as its event keeps it; its `data` is a row of its own, here only its SHA-256 in hexadecimal. */
export interface IngestedSignal {
  readonly signalId: string;
  readonly signalType: SignalType;
  readonly source: string;
  readonly serviceId: string | null;
  readonly environment: string | null;
  readonly projectId: string | null;
  readonly summary: string;
  /** As the source wrote it. */
  readonly severity: string | null;
  readonly fingerprint: string | null;
  readonly correlationKey: string | null;
  readonly traceId: string | null;
  readonly dataDigest: string | null;
  readonly observedAt: Instant;
  /** True for a connector's signal that the connector will clear. */
  readonly firing: boolean;
  /** The dedup key it came by, where its incident held one: what its source will clear it by. */
  readonly dedupKey?: string;
  /** When its source says that it began, which tells one episode of it from the next. */
  readonly beganAt?: Instant;
}

/** Fields an edit can change; absent left alone, null cleared. */
export interface IncidentEdit {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | null;
  readonly impact?: string | null;
  readonly environment?: string | null;
  readonly serviceId?: string | null;
  readonly projectId?: string | null;
  readonly runbook?: string | null;
  readonly startedAt?: Instant | null;
  readonly endedAt?: Instant | null;
  /** A dedup key gained after declaration (a merge, a sync, a joining alert). */
  readonly addedDedupKeys?: readonly string[];
}

/** Event type → payload. Past tense, never renamed; a payload only ever gains optional fields. */
export interface IncidentEventPayloads {
  INCIDENT_CREATED: {
    readonly title: string;
    readonly description: string;
    readonly severity: IncidentSeverity;
    readonly mode: IncidentMode;
    readonly type: string | null;
    readonly impact: string | null;
    readonly environment: string | null;
    readonly serviceId: string | null;
    readonly projectId: string | null;
    readonly ownerTeamId: string | null;
    readonly source: string;
    readonly tags: readonly string[];
    readonly correlationKeys: readonly string[];
    readonly runbook: string | null;
    readonly externalRefs: readonly ExternalRef[];
    readonly detectedAt: Instant;
    readonly startedAt: Instant | null;
    readonly dedupKeys: readonly string[];
    /** Signals that were waiting without an incident and are this one's from here on, at most 50; the first is primary. */
    readonly attachedSignalIds?: readonly string[];
    /** The incident that its signal was split off from. */
    readonly splitFromIncidentId?: string;
    readonly names?: readonly NewName[];
  };
  INCIDENT_UPDATED: { readonly changes: IncidentEdit; readonly names?: readonly NewName[] };
  INCIDENT_ACKNOWLEDGED: { readonly note: string | null; readonly severity: IncidentSeverity };
  INCIDENT_UNACKNOWLEDGED: { readonly reason: string | null };
  /** Escalations for want of an acknowledgement wait until then; its own instant: a snooze ended early. */
  INCIDENT_SNOOZED: { readonly until: Instant; readonly reason: string | null };
  INCIDENT_STATUS_CHANGED: {
    readonly from: IncidentStatus;
    readonly to: IncidentStatus;
    readonly message: string | null;
  };
  INCIDENT_SEVERITY_CHANGED: {
    readonly from: IncidentSeverity;
    readonly to: IncidentSeverity;
    readonly reason: string;
  };
  INCIDENT_ROOT_CAUSE_RECORDED: {
    readonly summary: string;
    readonly category: RootCauseCategory;
    readonly remediationSteps: string;
  };
  INCIDENT_ROOT_CAUSE_VERIFIED: { readonly notes: string | null };
  INCIDENT_RESOLVED: {
    readonly summary: string;
    readonly notes: string | null;
    readonly impactAssessment: string | null;
    readonly lessonsLearned: string | null;
    readonly followUps: readonly FollowUp[];
    readonly automatic: boolean;
    /** Why it resolved by itself: 'STALE', 'CLEARED', 'SILENCE', 'SYNCED'; null when a person did. */
    readonly because: string | null;
  };
  INCIDENT_CLOSED: {
    readonly lessonsLearned: string | null;
    readonly followUps: readonly FollowUp[];
    readonly noFollowUpsBecause: string | null;
  };
  INCIDENT_CANCELLED: { readonly reason: string };
  INCIDENT_REOPENED: { readonly reason: string };
  /** It became part of another incident, which has INCIDENT_ABSORBED in the same commit; itself it is CANCELLED. */
  INCIDENT_MERGED: { readonly intoIncidentId: string; readonly intoNumber: number; readonly reason: string };
  /** Another incident became part of this one, with what leads signals to it. */
  INCIDENT_ABSORBED: {
    readonly incidentId: string;
    readonly number: number;
    readonly reason: string;
    /** The other, and those that were part of it before. */
    readonly mergedIncidentIds: readonly string[];
    readonly dedupKeys: readonly string[];
    readonly correlationKeys: readonly string[];
    /** Signals of the other that fire: nothing is over before they are. */
    readonly openSignalCount: number;
  };
  /** Absent: unchanged; null: nobody. */
  INCIDENT_ASSIGNED: {
    readonly assigneeId?: string | null;
    readonly ownerTeamId?: string | null;
    readonly names?: readonly NewName[];
  };
  INCIDENT_ROLE_ASSIGNED: { readonly role: IncidentRole; readonly userId: string | null };
  INCIDENT_TAG_ADDED: { readonly tag: string };
  INCIDENT_TAG_REMOVED: { readonly tag: string };
  INCIDENT_LINKED_TO_TICKET: Ticket;
  INCIDENT_UNLINKED_FROM_TICKET: Ticket;
  INCIDENT_AFFECTED_SERVICES_SET: {
    readonly services: readonly AffectedService[];
    readonly names?: readonly NewName[];
  };
  INCIDENT_NOTE_ADDED: { readonly message: string };
  /** A splice of the notes: at `offset` (UTF-16 units) `deleted` units are replaced by `inserted`. */
  INCIDENT_NOTES_EDITED: {
    readonly notesVersion: number;
    readonly offset: number;
    readonly deleted: number;
    readonly inserted: string;
  };
  INCIDENT_VISIBILITY_CHANGED: {
    readonly ofSequence: number;
    readonly isPublic: boolean;
    readonly reason: string | null;
  };
  INCIDENT_PLAYBOOK_ACTION_EXECUTED: {
    readonly actionId: string;
    readonly kind: ActionKind;
    readonly label: string;
    readonly details: string | null;
  };
  /** An action on many targets, which are rows of their own. */
  INCIDENT_BULK_ACTION_STARTED: BulkActionStart;
  /** It begins no further target from here on. */
  INCIDENT_BULK_ACTION_CANCELLED: { readonly bulkActionId: string; readonly reason: string | null };
  INCIDENT_BULK_ACTION_FINISHED: BulkActionCounts & {
    readonly bulkActionId: string;
    readonly source: string;
    readonly action: BulkActionKind;
    readonly outcome: 'COMPLETED' | 'CANCELLED';
    /** SHA-256 of what its targets came to, hexadecimal. */
    readonly resultsDigest: string;
    /** SHA-256 of when it muted or unmuted which of them, hexadecimal. */
    readonly mutesDigest: string;
  };
  INCIDENT_SIGNAL_INGESTED: IngestedSignal & {
    /** True when the correlation key joined the incident's keys (false from the 51st on, or none). */
    readonly keyJoined: boolean;
    /** When its source had said that it is over, for one that was split off after that. */
    readonly clearedAt?: Instant;
    readonly names?: readonly NewName[];
  };
  /** A signal went to an incident of its own, which was declared in the same commit. */
  INCIDENT_SIGNAL_SPLIT: {
    readonly signalId: string;
    readonly newIncidentId: string;
    readonly reason: string;
    /** Whether it was firing. */
    readonly firing: boolean;
    /** Dedup keys that went with it. */
    readonly dedupKeys: readonly string[];
  };
  INCIDENT_SIGNAL_CLEARED: {
    readonly signalId: string;
    readonly fingerprint: string | null;
    readonly clearedAt: Instant;
  };
  /** Failed runs joined its burst: the burst as it is from here on, and how much of it is new. One event a report. */
  INCIDENT_BURST_GREW: Burst & { readonly addedErrors: number; readonly addedTargets: number };
  /** What its source has of it from here on, and which of that is new: nothing the first time. */
  INCIDENT_SYNCED: SyncedIncident & { readonly changed: readonly (keyof SyncedIncident)[] };
  INCIDENT_SLO_VIOLATION_RECORDED: {
    readonly violationId: string;
    readonly sloId: string;
    readonly windowStart: Instant;
    readonly windowEnd: Instant;
    readonly errorBudgetConsumed: number;
    readonly thresholdBreached: number;
    /** The objective's period; 30 where an older event does not say. */
    readonly periodDays?: number;
    readonly details: string | null;
  };
  INCIDENT_ESCALATED: {
    readonly escalationId: string;
    readonly reason: EscalationReason;
    readonly rule: string;
    readonly afterMinutes: number | null;
    /** The instant its clock started; null when manual. */
    readonly base: Instant | null;
    readonly dueAt: Instant | null;
    readonly level: number;
    readonly target: EscalationTargetKind;
    readonly note: string | null;
    readonly severity: IncidentSeverity;
  };
  INCIDENT_SLA_AT_RISK: { readonly kind: SlaKind; readonly atRiskAt: Instant; readonly dueAt: Instant };
  INCIDENT_SLA_BREACHED: { readonly kind: SlaKind; readonly dueAt: Instant };
  INCIDENT_AUTO_RESOLVE_WARNED: { readonly resolvesAt: Instant };
}

export type IncidentEventType = keyof IncidentEventPayloads;

/** What a decision says happened, before it is numbered and stamped. */
export type IncidentFact = {
  [T in IncidentEventType]: {
    readonly type: T;
    readonly payload: IncidentEventPayloads[T];
    /** "Proposed for the status page"; false unless asked for. */
    readonly isPublic?: boolean;
  };
}[IncidentEventType];

/** The envelope every event of the incidents ledger has; serialized in this order, it is the `body` that is hashed. */
interface IncidentEnvelope {
  readonly typeVersion: 1;
  /** The incident's id. */
  readonly incident: string;
  /** Dense per incident, from 1. */
  readonly version: number;
  readonly policyVersion: number;
  readonly commandId: string;
  readonly actor: Actor;
  readonly at: Instant;
  readonly isPublic: boolean;
  /** Null only before INCIDENT_CREATED. */
  readonly statusBefore: IncidentStatus | null;
  readonly statusAfter: IncidentStatus;
  /** The severity right after the event; subscriptions filter by it. */
  readonly severity: IncidentSeverity;
}

/** An event of the incidents ledger; serialized in this order, it is the `body` that is hashed. */
export type IncidentEvent = {
  [T in IncidentEventType]: { readonly type: T } & IncidentEnvelope & {
      readonly payload: IncidentEventPayloads[T];
    };
}[IncidentEventType];

/** An event of one type. */
export type IncidentEventOf<T extends IncidentEventType> = Extract<IncidentEvent, { readonly type: T }>;
