import type { MemberRole } from '../domain/access/actor.ts';
import type { ApiKeyFact, EntryFact, InvitationFact } from '../domain/administration/facts.ts';
import type { Episode, Joinable, OwnSignal } from '../domain/incident/decision.ts';
import type { IncidentRecord } from '../domain/incident/state.ts';
import type { DeadlineKind, IncidentSeverity, NameKind } from '../domain/incident/vocabulary.ts';
import type { Instant } from '../domain/instant.ts';
import type { Ledger, LedgerEntry, LedgerEventType } from '../domain/ledger/ledger.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { CatalogueLoadRequest, LoadedCatalogue } from './catalogueLoad.ts';
import type { Claimed, ClaimRequest } from './dueDeadline.ts';
import type { LoadedEpisodes } from './episodeLoad.ts';
import type { LoadedRuns, RunLoadRequest } from './runLoad.ts';

/**
 * The write side's whole view of the database: load, commit, claim, read. PostgreSQL stands behind it in production
 * (server or embedded); a simulation can stand behind it instead.
 */
export interface WriteStore {
  load(request: LoadRequest): Promise<Loaded>;
  commit(batch: CommitBatch): Promise<readonly CommitOutcome[]>;
  claim(request: ClaimRequest): Promise<Claimed>;
  /** Entries with first ≤ sequence ≤ last, in order; at most 1,000. */
  entries(
    organizationId: string,
    ledger: Ledger,
    first: number,
    last: number,
  ): Promise<readonly LedgerEntry[]>;
  /** The event at this version of this incident, or null: tells whether an unknown commit happened. */
  entryAtVersion(organizationId: string, incidentId: string, version: number): Promise<LedgerEntry | null>;
  /** Incidents planned under an older policy than the current one, by id after `afterIncidentId`; at most 500. */
  plannedUnderOlderPolicy(organizationId: string, afterIncidentId: string | null): Promise<readonly string[]>;
}

/** What one batch of commands of one organization names. Every list is deduplicated by the caller, at most 5,000 long. */
export interface LoadRequest {
  readonly organizationId: string;
  readonly incidentIds: readonly string[];
  /** Incidents named by the key they hold, or held last. */
  readonly dedupKeys: readonly string[];
  readonly requests: readonly { readonly principal: string; readonly key: string }[];
  /** Compared trimmed and without case. */
  readonly names: readonly { readonly kind: NameKind; readonly name: string }[];
  readonly userIds: readonly string[];
  readonly signalIds: readonly string[];
  /**
   * Fingerprints looked up among the open signals of the incident that is named by this dedup key or id, or of all
   * loaded incidents where that is null.
   */
  readonly fingerprints: readonly { readonly of: string | null; readonly fingerprint: string }[];
  /** Also load what fires and came by these keys, or by nobody knows which: of each as much as one command clears. */
  readonly allOpenSignalsOfDedupKeys: readonly string[];
  /**
   * Episodes of which it is wanted whether they are over; not looked for where as many signals of these fingerprints fire
   * anyway, unless `episodesInAnyCase`.
   */
  readonly episodes: readonly Episode[];
  readonly episodesInAnyCase: boolean;
  /** Ledger sequences of the incidents ledger whose incident and visibility are wanted. */
  readonly sequences: readonly number[];
  readonly apiKeyIds: readonly string[];
  /** Open incidents that signals may join, each with all that an incident named by its id comes with. */
  readonly joinable: readonly Joinable[];
  /** Of runs: null when the batch reports none. */
  readonly runs: RunLoadRequest | null;
  /** Errors of which it is wanted whether they are known, and how severe. */
  readonly errors: readonly { readonly source: string; readonly errorId: string }[];
  /** What a command of administration names beside these; null when the batch holds none. */
  readonly administration: AdministrationLoadRequest | null;
}

/** What one command of administration names. */
export interface AdministrationLoadRequest {
  readonly userIds: readonly string[];
  /** Lower case. */
  readonly emails: readonly string[];
  readonly invitationIds: readonly string[];
  /** The user who wants to accept one of the invitations. */
  readonly acceptingUserId: string | null;
  /** Null when it names nothing of the catalogue. */
  readonly catalogue: CatalogueLoadRequest | null;
  /** An entry of the incidents ledger that is to be published, or no longer. */
  readonly entrySequence: number | null;
}

/** What the database holds of all that a command of administration names; what does not exist is absent. */
export interface LoadedAdministration {
  /** Where the administration ledger stood: the command is committed only if it stands there still. */
  readonly sequence: number;
  readonly organizationName: string;
  readonly members: readonly { readonly userId: string; readonly role: MemberRole }[];
  /** Members who are ORG_ADMIN: two of them, or all there are. */
  readonly administratorIds: readonly string[];
  /** Those of the addresses that a member signs in with. */
  readonly memberEmails: readonly string[];
  /** Those asked for by id, and the open ones to the addresses. */
  readonly invitations: readonly (InvitationFact & {
    readonly invitationId: string;
    readonly email: string;
    /** Whether the accepting user signs in with the address it was sent to, and has shown that it is theirs. */
    readonly addressee: 'PROVEN' | 'UNPROVEN' | null;
  })[];
  /** Until when 1,000 invitations are open, neither accepted, revoked nor expired; null when there are fewer. */
  readonly invitationsFullUntil: Instant | null;
  /** Null unless it was asked for. */
  readonly catalogue: LoadedCatalogue | null;
  /** Null unless it was asked for, and there is one. */
  readonly entry: (Omit<EntryFact, 'event'> & { readonly sequence: number; readonly body: string }) | null;
}

/** A stored answer to an idempotency key. */
export interface StoredRequest {
  readonly principal: string;
  readonly key: string;
  /** SHA-256 of mutation and input, hexadecimal. */
  readonly digest: string;
  readonly ledger: Ledger;
  readonly incidentId: string | null;
  /** Null when nothing was written. */
  readonly firstSequence: number | null;
  readonly lastSequence: number | null;
}

/** Whose a dedup key is. */
export interface KeyHolder {
  readonly key: string;
  readonly incidentId: string;
  /** False when the incident has given the key back and nobody has taken it since. */
  readonly held: boolean;
}

/** A signal that was asked for by its id. */
export interface LoadedSignal {
  readonly signalId: string;
  readonly incidentId: string | null;
  readonly own: OwnSignal;
}

/** What the database holds of all that a batch names; what does not exist is absent. */
export interface Loaded {
  /** The policy in force and its version, as the incidents head has it. */
  readonly policy: Policy;
  /** Head of the incidents ledger at load. */
  readonly headSequence: number;
  readonly incidents: readonly IncidentRecord[];
  readonly dedupKeys: readonly KeyHolder[];
  readonly requests: readonly StoredRequest[];
  readonly names: readonly { readonly kind: NameKind; readonly name: string; readonly id: string }[];
  readonly memberIds: readonly string[];
  readonly signals: readonly LoadedSignal[];
  readonly openSignals: readonly {
    /** Whose it counts for: of one that is part of another, that other. */
    readonly incidentId: string;
    readonly signalId: string;
    readonly fingerprint: string | null;
    /** Its connector will clear it. */
    readonly firing: boolean;
    /** The dedup key it came by; null when nobody knows. */
    readonly dedupKey: string | null;
    /** When its source says that it began; null when nobody knows. */
    readonly beganAt: Instant | null;
  }[];
  /** Null when they were not looked for. */
  readonly episodes: LoadedEpisodes | null;
  /** How often a clearing was remembered so far that came early. */
  readonly earlyClearings: number;
  readonly timeline: readonly {
    readonly sequence: number;
    readonly incidentId: string;
    readonly isPublic: boolean;
  }[];
  readonly apiKeys: readonly ({ readonly apiKeyId: string } & ApiKeyFact)[];
  /** Which incident each leads to; of those looked for, the ones that were found. */
  readonly joinable: readonly (Joinable & { readonly incidentId: string })[];
  /** Null unless it was asked for. */
  readonly runs: LoadedRuns | null;
  /** Those of the errors asked for that are known, once for each level they were reported under. */
  readonly errors: readonly (LoadRequest['errors'][number] & { readonly level: IncidentSeverity })[];
  /** Those of the loaded incidents that block sessions, and since when. */
  readonly gates: readonly { readonly incidentId: string; readonly blockedAt: Instant }[];
  /** Incidents whose stored shape is newer than ours: never decided on. */
  readonly outdatedIncidentIds: readonly string[];
  /** Null unless it was asked for. */
  readonly administration: LoadedAdministration | null;
}

/** An event ready to be numbered and hashed. */
export interface ChangeEvent {
  readonly ledger: Ledger;
  readonly type: LedgerEventType;
  readonly incidentId: string | null;
  readonly version: number | null;
  readonly at: Instant;
  readonly isPublic: boolean;
  readonly severity: IncidentSeverity | null;
  readonly body: string;
}

/** The row of a deadline. REPLAN (organization-wide) is written by the commit itself when the policy version rises. */
export interface DeadlineRow {
  readonly kind: DeadlineKind;
  readonly key: string;
  readonly dueAt: Instant;
}

/** Table → rows to insert or replace by primary key; column names as in the database, organization_id left out. */
export type TableRows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** What one command changes; commits whole or not at all. */
export interface Change {
  /** Null for a change of the administration ledger. */
  readonly incidentId: string | null;
  /** The version it was decided on: 0 declares; the policy's version for a policy change; null compares nothing. */
  readonly baseVersion: number | null;
  /** Of two incidents' changes that are committed together or not at all, where the other is from this one; absent: alone. */
  readonly partner?: 'NEXT' | 'PREVIOUS';
  /** Where the administration ledger stood when a change of it was decided; null compares nothing. */
  readonly administrationSequence: number | null;
  readonly commandId: string;
  /** In order; a change of an incident may hold events of the administration ledger, too. */
  readonly events: readonly ChangeEvent[];
  /** The incident after it; null when unchanged, or when a later change of the same batch carries it. */
  readonly incident: {
    readonly shape: number;
    /** IncidentState as JSON text, without description and notes. */
    readonly state: string;
    readonly policyVersion: number;
    /** Null when none of title, description and notes changed: text search looks into the title, too. */
    readonly text: { readonly description: string; readonly notes: string } | null;
    /** Every 32nd version: IncidentState whole. */
    readonly snapshots: readonly { readonly version: number; readonly at: Instant; readonly state: string }[];
    /** Columns of incident_list; null when none of them changed. */
    readonly list: Readonly<Record<string, unknown>> | null;
  } | null;
  /** Upserts by table name, then deletes by table name (rows hold the primary key only). */
  readonly rows: TableRows;
  readonly deletes: TableRows;
  /** The incident's whole set; null leaves it alone. */
  readonly deadlines: readonly DeadlineRow[] | null;
  readonly dedupKeys: {
    /** Must be free or ours, else keyTaken. */
    readonly take: readonly string[];
    /** Taken if free (a reopening, a merge, a split). */
    readonly retake: readonly string[];
    readonly release: readonly string[];
  } | null;
  /**
   * Since when the incident blocks sessions: as it was decided on (compared like the version, because no event of its
   * own says so), and from here on. Absent: it did not, and does not.
   */
  readonly gate?: { readonly before: Instant | null; readonly after: Instant | null };
  readonly request: {
    readonly principal: string;
    readonly key: string;
    readonly digest: string;
  } | null;
}

/** Changes of one organization, committed in order in one statement. */
export interface CommitBatch {
  readonly organizationId: string;
  /** The policy version every change was decided under. */
  readonly policyVersion: number;
  readonly changes: readonly Change[];
  /**
   * How often an early clearing had been remembered when it was decided: where it attaches signals that say when they
   * began, it is committed only if none was meanwhile. Absent: compares nothing.
   */
  readonly earlyClearings?: number;
  /** When it is written, kept with idempotency keys; absent: the latest `at` of its events. */
  readonly at?: Instant;
}

/** What became of one change. */
export type CommitOutcome =
  | {
      readonly kind: 'committed';
      /** The incident's number; 0 in ADMINISTRATION. */
      readonly number: number;
      /** One per event, in order, hexadecimal. */
      readonly entries: readonly {
        readonly sequence: number;
        readonly previousHash: string;
        readonly hash: string;
      }[];
    }
  | { readonly kind: 'replayed'; readonly request: StoredRequest }
  /** Someone else was first: version, session gate, or a name made meanwhile. Load and decide again. */
  | { readonly kind: 'conflict' }
  | { readonly kind: 'policyMoved' }
  | { readonly kind: 'keyTaken'; readonly incidentId: string };
