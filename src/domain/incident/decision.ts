import type { Actor } from '../access/actor.ts';
import type { AdministrationEvent } from '../administration/events.ts';
import type { ErrorOutcome, ReportedError } from '../detection/errorReport.ts';
import type { LostSignals } from '../detection/judgeDelivery.ts';
import type { ReportedRun } from '../detection/runReport.ts';
import type { Instant } from '../instant.ts';
import type { Policy } from '../policy/policy.ts';
import type { Refusal } from '../refusal.ts';
import type { IncidentEvent, IngestedSignal } from './events.ts';
import type { IncidentState } from './state.ts';
import type { NameKind } from './vocabulary.ts';

/** An open incident that a signal may join which declares none: the newest with this correlation key, or of this service. */
export interface Joinable {
  readonly kind: 'CORRELATION_KEY' | 'SERVICE';
  /** Of a service: its name, as names are compared. */
  readonly key: string;
}

/** What a decision turned out to need beyond what its command names. */
export interface MoreFacts {
  /** Most telling first. */
  readonly joinable: readonly Joinable[];
  readonly userIds: readonly string[];
  /** Whether the episodes that the command names are to be looked for, whatever fires. */
  readonly episodes?: boolean;
}

/** A signal that fires. */
export interface FiringSignal {
  readonly signalId: string;
  readonly fingerprint: string | null;
  /** When its source says that it began; null when nobody knows. */
  readonly beganAt: Instant | null;
}

/** An episode of a signal: what fires, by which key, since when. */
export interface Episode {
  readonly dedupKey: string;
  readonly fingerprint: string;
  readonly beganAt: Instant;
}

/** A clearing of what did not fire when it came: what began no later than it ended is over, should it come yet. */
export interface EarlyClearing {
  readonly dedupKey: string;
  /** Null: all that comes by the key. */
  readonly fingerprint: string | null;
  readonly endedAt: Instant;
}

/** What is known of an episode that does not fire. */
export interface KnownEpisode {
  /** Whether a signal of it was cleared. */
  readonly isOver: boolean;
  /** The latest end that came before what it ends; null when there is none. */
  readonly endedAt: Instant | null;
}

/** A signal as it is now. */
export interface OwnSignal {
  readonly signal: IngestedSignal;
  readonly clearedAt: Instant | null;
  /** Whether another signal of its incident that is not cleared came by the same dedup key. */
  readonly sharesDedupKey: boolean;
}

/** Another incident that a command changes in the same commit: both are written, or neither is. */
export interface Companion {
  readonly incidentId: string;
  /** Decides on its state, null for one that is declared; of the same actor, by the same command. */
  decide(state: IncidentState | null, context: DecideContext): Decision;
}

/**
 * What a decision may know beyond the incident's own state: read with it in the same load, kept current by the queue
 * while a batch is decided. Every lookup is by key and bounded by what the batch's commands named.
 */
export interface Facts {
  /** Id of a service, team or project by its name (trimmed, compared without case); undefined when new. */
  name(kind: NameKind, name: string): string | undefined;
  /** Whether this user is a member of the organization. */
  isMember(userId: string): boolean;
  /**
   * The signal of this incident, or of one that is part of it, with this fingerprint that is not cleared; of several, one
   * that is firing.
   */
  openSignal(fingerprint: string): string | undefined;
  /** The same, only if it is firing and came by this dedup key, or nobody knows by which: its connector will clear it. */
  firingSignal(fingerprint: string, dedupKey: string): FiringSignal | undefined;
  /**
   * Signals that a connector will clear by this dedup key, for a resolve that clears everything: at most as many as one
   * command clears. When they are as many, there may be more.
   */
  openSignals(dedupKey: string): readonly FiringSignal[];
  /** What is known of this episode; undefined when it was not looked up, which `lookUp` asks for. */
  episode(episode: Episode): KnownEpisode | undefined;
  /** A signal by id: the incident it is attached to (null when none); undefined when there is no such signal. */
  signal(signalId: string): { readonly incidentId: string | null } | undefined;
  /** A signal of this incident in full; undefined when it is another's, or there is none. */
  ownSignal(signalId: string): OwnSignal | undefined;
  /** This incident, or another that the command names, with its number; undefined when there is none. */
  incident(incidentId: string): { readonly state: IncidentState; readonly number: number } | undefined;
  /** An event of the incidents ledger by sequence: whose it is and whether it shows publicly now. */
  timelineEntry(sequence: number): { readonly incidentId: string; readonly isPublic: boolean } | undefined;
  /** Whether a newer incident than this one holds the dedup key. */
  dedupKeyHolder(key: string): string | undefined;
  /**
   * Asks for more than the command names: true once it was looked up. False before: then whatever is decided is decided
   * anew once it was, and if there is an open incident to join, with its state.
   */
  lookUp(more: MoreFacts): boolean;
  /** Whether the error of this source and id was reported before, under this level or a more severe one. */
  knowsError(error: Pick<ReportedError, 'source' | 'errorId' | 'severity'>): boolean;
  /** Whether the run of this source and id was reported before. */
  knowsRun(source: string, runId: string): boolean;
  /** Whether runs of this incident's burst failed for this target before. */
  knowsTarget(target: string): boolean;
  /** Whether the target of the source was muted at this instant. */
  wasMuted(source: string, target: string, at: Instant): boolean;
  /** The ordinal of the source's last burst; 0 when it had none. */
  lastBurst(source: string): number;
}

/** Everything that enters a decision as data: no clock, no randomness, no I/O. */
export interface DecideContext {
  readonly incidentId: string;
  readonly commandId: string;
  readonly actor: Actor;
  /** max(the database's clock, the incident's last `at`, its `gateBlockedAt`). */
  readonly at: Instant;
  readonly policy: Policy;
  readonly facts: Facts;
  /** Since when the incident blocks sessions, as the administration ledger has it; null when it does not. */
  readonly gateBlockedAt: Instant | null;
  /** A fresh id for a signal, action, escalation, follow-up, violation or name. */
  newId(): string;
}

/**
 * A signal row the event alone cannot make: its data, kept out of the ledger. Keyed by signalId of the event that
 * ingested it.
 */
export interface SignalData {
  readonly signalId: string;
  readonly json: string;
}

/** A repeat of a known open signal: raises its count and lastSeenAt, writes no event. */
export interface SignalRepeat {
  readonly signalId: string;
  readonly at: Instant;
}

/** An error with what became of it: a row beside the ledger, written once. */
export interface RecordedError extends ReportedError {
  readonly fingerprint: string;
  readonly at: Instant;
  readonly reportedAt: Instant;
  /** Null when it found no open incident and may declare none. */
  readonly incidentId: string | null;
  readonly signalId: string | null;
  readonly outcome: ErrorOutcome;
  /** It raises the count of its signal instead of making one. */
  readonly repeats: boolean;
}

/** A run as it is kept: a row beside the ledger, written once. */
export interface RecordedRun extends ReportedRun {
  readonly at: Instant;
  readonly reportedAt: Instant;
  /** Null unless it failed and is part of a burst. */
  readonly incidentId: string | null;
}

/** A target of a bulk action that begins: a row beside the ledger. */
export interface BulkTarget {
  readonly bulkActionId: string;
  /** Its place among them, from 1. */
  readonly ordinal: number;
  readonly target: string;
}

/** A command accepted. `events` is empty when everything was already so. */
export interface Accepted {
  readonly ok: true;
  readonly events: readonly IncidentEvent[];
  /** What goes into the administration ledger with it: blocks of the session gate, begun and ended. */
  readonly administrationEvents: readonly AdministrationEvent[];
  /** Since when it blocks sessions from here on; null when it does not. */
  readonly gateBlockedAt: Instant | null;
  /** The incident right after; null only when a delivery found nothing to do and no incident to do it to. */
  readonly state: IncidentState | null;
  readonly signalData: readonly SignalData[];
  readonly signalRepeats: readonly SignalRepeat[];
  /** Signals that became part of no incident; they are counted. */
  readonly lostSignals: readonly LostSignals[];
  readonly earlyClearings: readonly EarlyClearing[];
  readonly errors: readonly RecordedError[];
  readonly runs: readonly RecordedRun[];
  /** All that a synced incident lists as hit; null leaves it as it is. */
  readonly targets: readonly string[] | null;
  readonly companion: Companion | null;
  readonly bulkTargets: readonly BulkTarget[];
}

/** A command refused: nothing is written. */
export interface Refused {
  readonly ok: false;
  readonly refusal: Refusal;
}

/** What became of a command. */
export type Decision = Accepted | Refused;
