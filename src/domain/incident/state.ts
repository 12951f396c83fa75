import type { Actor } from '../access/actor.ts';
import type { RunningBulkAction } from '../bulkAction/bulkAction.ts';
import type { Burst } from '../detection/burst.ts';
import type { SyncState } from '../detection/syncedIncident.ts';
import type { Instant } from '../instant.ts';
import type {
  ActionKind,
  EscalationReason,
  IncidentMode,
  IncidentSeverity,
  IncidentStatus,
  RootCauseCategory,
  ServiceImpact,
} from './vocabulary.ts';

/**
 * The shape of {@link IncidentState} this program writes. A stored state of an older shape is refolded from its events
 * on load; one of a newer shape is never decided on (SERVER_OUTDATED). Raise it with every change of the state's fields.
 */
export const stateShape = 5;

/** The most entries a list in a state or input may have. */
export const listLimit = 50;

/** A ticket elsewhere, known by its address. */
export interface Ticket {
  readonly url: string;
  readonly key: string | null;
}

/** What another system calls this incident. */
export interface ExternalRef {
  readonly system: string;
  readonly id: string;
  readonly url: string | null;
}

/** A service, and how badly it is hit. */
export interface AffectedService {
  readonly serviceId: string;
  readonly impact: ServiceImpact;
}

/** An acknowledgement keeps who, as what, why and how severe it was at that moment. */
export interface Acknowledgement {
  readonly actor: Actor;
  readonly at: Instant;
  readonly note: string | null;
  readonly severity: IncidentSeverity;
}

/** Why it happened, as last recorded. */
export interface RootCause {
  readonly summary: string;
  readonly category: RootCauseCategory;
  readonly remediationSteps: string;
  readonly identifiedBy: Actor;
  readonly identifiedAt: Instant;
  readonly verifiedAt: Instant | null;
  readonly verifiedBy: Actor | null;
}

/** A follow-up as resolution or closing recorded it; its progress lives in its own row. */
export interface FollowUp {
  readonly id: string;
  readonly description: string;
}

/** How it ended, and what was learned. */
export interface Resolution {
  readonly summary: string;
  readonly notes: string | null;
  readonly impactAssessment: string | null;
  readonly lessonsLearned: string | null;
  readonly followUps: readonly FollowUp[];
  readonly noFollowUpsBecause: string | null;
  /** True when the system or an integration resolved it past the gate. */
  readonly automatic: boolean;
  readonly resolvedBy: Actor;
  readonly resolvedAt: Instant;
}

/**
 * What has happened to an SLA; when it is due is `deadlinesOf`'s to say. At most one of metAt and breachedAt ends the
 * acknowledge SLA; `endedAt` ends it neither met nor breached (auto-resolved, cancelled, …).
 */
export interface SlaProgress {
  /** Where its clock starts: detectedAt, or the reopening for a re-armed resolve SLA. */
  readonly from: Instant;
  readonly atRiskNotedAt: Instant | null;
  readonly metAt: Instant | null;
  readonly breachedAt: Instant | null;
  readonly endedAt: Instant | null;
}

/** The latest thing done about it: an action, never a status change or a note. */
export interface LastAction {
  readonly id: string;
  readonly kind: ActionKind;
  readonly label: string;
  readonly details: string | null;
  readonly actor: Actor;
  readonly at: Instant;
}

/** An escalation rule that has fired, and from which base instant, so that it fires once per base. */
export interface FiredRule {
  readonly rule: string;
  readonly reason: EscalationReason;
  readonly base: Instant;
}

/**
 * Everything decisions need about one incident, and nothing planned: `evolve` folded over its events, ≤ 64 KB without
 * `description` and `notes`. Its INC number and ledger sequence are assigned at commit and live beside it.
 */
export interface IncidentState {
  readonly id: string;
  /** Events so far on this incident; dense. */
  readonly version: number;
  /** Version of the latest event other than signals, SLA notices, escalations and notes edits. */
  readonly materialVersion: number;

  readonly title: string;
  readonly description: string;
  readonly type: string | null;
  readonly severity: IncidentSeverity;
  readonly status: IncidentStatus;
  readonly mode: IncidentMode;
  readonly impact: string | null;
  readonly environment: string | null;
  readonly serviceId: string | null;
  readonly projectId: string | null;
  readonly source: string;
  readonly tags: readonly string[];
  readonly correlationKeys: readonly string[];
  readonly tickets: readonly Ticket[];
  readonly externalRefs: readonly ExternalRef[];
  readonly affectedServices: readonly AffectedService[];
  readonly commanderId: string | null;
  readonly techLeadId: string | null;
  readonly commsLeadId: string | null;
  readonly assigneeId: string | null;
  readonly ownerTeamId: string | null;
  readonly runbook: string | null;
  readonly notes: string;
  /** Edits of the notes so far. */
  readonly notesVersion: number;

  readonly reportedBy: Actor;
  readonly detectedAt: Instant;
  readonly reportedAt: Instant;
  readonly startedAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly acknowledgement: Acknowledgement | null;
  readonly firstAcknowledgement: Acknowledgement | null;
  readonly unacknowledgedAt: Instant | null;
  /** NO_ACK rules wait until then; it may be over. Null: never snoozed, or ended by an acknowledgement, by hand or with the incident. */
  readonly snoozedUntil: Instant | null;
  readonly reopenedAt: Instant | null;
  readonly mitigatedAt: Instant | null;
  readonly resolvedAt: Instant | null;
  readonly closedAt: Instant | null;
  readonly cancelledAt: Instant | null;
  readonly pagingRequestedAt: Instant | null;
  /** `at` of the latest event. */
  readonly updatedAt: Instant;
  /** Latest activity event of a person, signal or escalation: what "stale" counts from. */
  readonly lastActivityAt: Instant;
  readonly autoResolveWarnedAt: Instant | null;

  readonly rootCause: RootCause | null;
  /** The resolution that holds now; null after a reopening (the ledger keeps the old one). */
  readonly resolution: Resolution | null;

  readonly acknowledgeSla: SlaProgress;
  readonly resolveSla: SlaProgress;

  readonly escalationLevel: number;
  /** When the severity was last raised to SEV1 or SEV2 from a lower one. */
  readonly severityRaisedAt: Instant | null;
  readonly firedRules: readonly FiredRule[];

  /** How fast the objective of the violation recorded last burns its budget. */
  readonly latestSloViolation: {
    readonly sloId: string;
    readonly burnRate: number;
    readonly at: Instant;
  } | null;

  readonly signalCount: number;
  /** Connector signals not cleared yet: what "nothing is firing" means. */
  readonly openSignalCount: number;
  readonly primarySignalId: string | null;
  /** The failed runs it is about; null when it is about something else. */
  readonly burst: Burst | null;
  /** What its source has of it; null when it is not synced. */
  readonly sync: SyncState | null;
  /** The bulk action that runs on it; null when none does. */
  readonly bulkAction: RunningBulkAction | null;
  readonly actionCount: number;
  readonly lastAction: LastAction | null;
  /** Dedup keys it holds while not RESOLVED or CANCELLED, and takes back when reopened. */
  readonly dedupKeys: readonly string[];
  /** The open incident it became part of; then it is CANCELLED. Null: never merged. */
  readonly mergedInto: MergedInto | null;
  /** Incidents that are part of it, those that were part of them too; at most 50. */
  readonly mergedIncidentIds: readonly string[];
  /** The incident its first signal was split off from. */
  readonly splitFromId: string | null;
}

/** Where a merged incident went: the incident and its INC number. */
export interface MergedInto {
  readonly incidentId: string;
  readonly number: number;
}

/** A state with what the commit assigned it: how the rest of the program passes an incident around. */
export interface IncidentRecord {
  readonly state: IncidentState;
  /** The INC number; reference is `INC-` and at least three digits. */
  readonly number: number;
  /** Ledger sequence of its latest event. */
  readonly sequence: number;
  /** The policy version its latest event was decided under. */
  readonly policyVersion: number;
}

/** `INC-001`: at least three digits, growing as needed. */
export function referenceOf(number: number): string {
  return `INC-${String(number).padStart(3, '0')}`;
}
