import type { BulkActionCounts, BulkActionKind } from '../bulkAction/bulkAction.ts';
import type { ReportedError } from '../detection/errorReport.ts';
import type { ReportedRun } from '../detection/runReport.ts';
import type { SyncedIncident } from '../detection/syncedIncident.ts';
import type { Instant } from '../instant.ts';
import type { ExternalRef, Ticket } from './state.ts';
import type {
  ActionKind,
  EscalationTargetKind,
  IncidentMode,
  IncidentRole,
  IncidentSeverity,
  IncidentStatus,
  RootCauseCategory,
  ServiceImpact,
  SignalType,
} from './vocabulary.ts';

/** A signal as it arrives: names, not ids; `data` is JSON text of at most 256 KB with its SHA-256 beside it. */
export interface SignalInput {
  readonly type: SignalType;
  readonly source: string;
  readonly summary: string;
  readonly severity?: string | null;
  readonly service?: string | null;
  readonly environment?: string | null;
  readonly project?: string | null;
  readonly data?: { readonly json: string; readonly digest: string } | null;
  readonly correlationKey?: string | null;
  readonly traceId?: string | null;
  readonly fingerprint?: string | null;
  readonly at?: Instant | null;
}

/** Input of declareIncident. Absent and null both mean "none". */
export interface DeclareInput {
  readonly title: string;
  readonly description?: string | null;
  readonly severity: IncidentSeverity;
  readonly mode?: IncidentMode | null;
  readonly type?: string | null;
  readonly impact?: string | null;
  readonly environment?: string | null;
  readonly service?: string | null;
  readonly project?: string | null;
  readonly ownerTeam?: string | null;
  readonly source?: string | null;
  readonly tags?: readonly string[] | null;
  readonly correlationKeys?: readonly string[] | null;
  readonly runbook?: string | null;
  readonly signalIds?: readonly string[] | null;
  readonly externalRefs?: readonly ExternalRef[] | null;
  readonly detectedAt?: Instant | null;
  readonly startedAt?: Instant | null;
}

/** Mutation name → its input without incidentId, expectedVersion and idempotencyKey. `?` absent leaves, null clears. */
export interface IncidentCommandInputs {
  declareIncident: DeclareInput;
  updateIncident: {
    readonly title?: string;
    readonly description?: string | null;
    readonly type?: string | null;
    readonly impact?: string | null;
    readonly environment?: string | null;
    readonly service?: string | null;
    readonly project?: string | null;
    readonly runbook?: string | null;
    readonly startedAt?: Instant | null;
    readonly endedAt?: Instant | null;
  };
  acknowledgeIncident: { readonly note?: string | null };
  unacknowledgeIncident: { readonly reason?: string | null };
  /** An instant that is not ahead ends a snooze. */
  snoozeIncident: { readonly until: Instant; readonly reason?: string | null };
  changeIncidentStatus: {
    readonly status: IncidentStatus;
    readonly message?: string | null;
    readonly isPublic?: boolean | null;
  };
  changeIncidentSeverity: { readonly severity: IncidentSeverity; readonly reason: string };
  recordRootCause: {
    readonly summary: string;
    readonly category: RootCauseCategory;
    readonly remediationSteps: string;
  };
  verifyRootCause: { readonly notes?: string | null };
  resolveIncident: {
    readonly summary: string;
    readonly notes?: string | null;
    readonly impactAssessment?: string | null;
    readonly lessonsLearned?: string | null;
    readonly followUps?: readonly string[] | null;
  };
  closeIncident: {
    readonly lessonsLearned?: string | null;
    readonly followUps?: readonly string[] | null;
    readonly noFollowUpsBecause?: string | null;
  };
  cancelIncident: { readonly reason: string };
  reopenIncident: { readonly reason: string };
  /** Makes it part of another open incident, which takes its dedup and correlation keys over. */
  mergeIncidents: { readonly intoIncidentId: string; readonly reason: string };
  /** Declares an incident of its own for one of its signals. */
  splitSignal: {
    readonly signalId: string;
    readonly reason: string;
    /** The signal's summary unless given. */
    readonly title?: string | null;
    /** This incident's unless given. */
    readonly severity?: IncidentSeverity | null;
  };
  assignIncident: { readonly userId?: string | null; readonly ownerTeam?: string | null };
  assignIncidentRole: { readonly role: IncidentRole; readonly userId?: string | null };
  addIncidentNote: { readonly message: string; readonly isPublic?: boolean | null };
  editIncidentNotes: { readonly notes: string; readonly expectedNotesVersion?: number | null };
  setTimelineVisibility: {
    readonly sequence: number;
    readonly isPublic: boolean;
    readonly reason?: string | null;
  };
  addIncidentTag: { readonly tag: string };
  removeIncidentTag: { readonly tag: string };
  linkIncidentTicket: Ticket;
  unlinkIncidentTicket: { readonly url: string };
  setAffectedServices: {
    readonly services: readonly { readonly name: string; readonly impact: ServiceImpact }[];
  };
  addIncidentAction: {
    readonly kind: ActionKind;
    readonly label: string;
    readonly details?: string | null;
  };
  runBulkAction: {
    readonly action: BulkActionKind;
    /** 1 to 1,000 different ones. */
    readonly targets: readonly string[];
    /** SHA-256 of them as JSON, as they are kept; hexadecimal. */
    readonly targetsDigest: string;
    /** Absent: of the incident's burst, or the incident's own. */
    readonly source?: string | null;
    readonly concurrency?: number | null;
    readonly throttleMilliseconds?: number | null;
  };
  cancelBulkAction: { readonly bulkActionId: string; readonly reason?: string | null };
  /** What whoever worked a bulk action off sends; digests: SHA-256 of what its targets came to, and of what it muted. */
  finishBulkAction: BulkActionCounts & {
    readonly bulkActionId: string;
    readonly resultsDigest: string;
    readonly mutesDigest: string;
  };
  attachSignal: SignalInput;
  recordSloViolation: {
    readonly sloId: string;
    readonly windowStart: Instant;
    readonly windowEnd: Instant;
    readonly errorBudgetConsumed: number;
    readonly thresholdBreached: number;
    /** The period of the objective, in days, 1–366; 30 unless given. */
    readonly periodDays?: number | null;
    /** JSON text. */
    readonly details?: string | null;
  };
  escalateIncident: { readonly target: EscalationTargetKind; readonly note?: string | null };
  /**
   * A connector's delivery for one dedup key: declares when nobody holds the key and something fires, otherwise
   * attaches, clears, acknowledges or resolves. At most 64 signals and clears together; longer deliveries are split.
   */
  receiveSignals: {
    readonly dedupKey: string;
    /** How to declare when the key is free and `firing` is not empty. */
    readonly declare: DeclareInput;
    readonly firing: readonly (SignalInput & {
      readonly fingerprint: string;
      /** Its severity as ours: what it may raise the incident to when it joins. Absent: the delivery's `severity`. */
      readonly raisesTo?: IncidentSeverity | null;
      /** When its sender says that it began: with dedup key and fingerprint, which episode it is. Null: it does not say. */
      readonly beganAt?: Instant | null;
    })[];
    /**
     * Fingerprints that stopped firing, with the instant they did (null: now). `resolve` clears every one there is. What
     * began later than that instant is not cleared.
     */
    readonly cleared: readonly {
      readonly fingerprint: string;
      readonly at: Instant | null;
      /** When that had begun, as its sender says. Null: it does not say. */
      readonly beganAt?: Instant | null;
    }[];
    /** The highest severity among `firing`: raises the incident's, never lowers it. */
    readonly severity: IncidentSeverity | null;
    readonly acknowledge?: { readonly note: string | null } | null;
    /** The source says the whole is over: clear, and resolve where policy `resolveOnClear` allows. */
    readonly resolve?: boolean;
    /** When the whole was over, as its sender says: what began later is not. Null: it does not say. */
    readonly resolvedAt?: Instant | null;
    /** Whether that holds of all that may come by the key yet: it is remembered for what comes late. */
    readonly endsAll?: boolean;
  };
  /** Errors of one fingerprint (≤ 160 characters), at most 500: they join, reopen or declare the incident that holds its key. */
  reportErrors: { readonly fingerprint: string; readonly errors: readonly ReportedError[] };
  /** Runs of one source, at most 1,000: those that failed grow or declare one burst. */
  reportRuns: { readonly source: string; readonly runs: readonly ReportedRun[] };
  /** One incident of a sync, with the targets it lists (at most 1,000, in order, each once) that its digest is of. */
  syncIncidents: {
    readonly incident: SyncedIncident;
    readonly targets: readonly string[];
    /** Where it is, if it has to be declared. */
    readonly declare: Pick<DeclareInput, 'service' | 'environment' | 'project'>;
  };
  /** What the scheduler sends when an instant of this incident is due: decide everything due at `at`. */
  fireDeadlines: Record<never, never>;
  /** Recompute the deadline set under the current policy; writes no event. */
  replanIncident: Record<never, never>;
}

export type IncidentCommandName = keyof IncidentCommandInputs;

/** A command as the domain decides it. */
export type IncidentCommand = {
  [N in IncidentCommandName]: { readonly name: N; readonly input: IncidentCommandInputs[N] };
}[IncidentCommandName];
