import type { AdministrationFacts } from '../domain/administration/facts.ts';
import { KnownErrors } from '../domain/detection/knownErrors.ts';
import type { Accepted, Facts, MoreFacts, OwnSignal } from '../domain/incident/decision.ts';
import type { IncidentEvent, NewName } from '../domain/incident/events.ts';
import { nameKey } from '../domain/incident/naming.ts';
import type { IncidentRecord, IncidentState } from '../domain/incident/state.ts';
import { isOpen } from '../domain/incident/vocabulary.ts';
import type { Instant } from '../domain/instant.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Change, KeyHolder, Loaded, StoredRequest } from '../store/port.ts';
import { factsOf } from './administrationLoad.ts';
import { BatchRuns } from './batchRuns.ts';
import { Episodes } from './episodes.ts';
import { requestKey } from './loadRequest.ts';
import { OpenSignals } from './openSignals.ts';

/** An incident while a batch is decided: as loaded, and as the commands decided so far leave it. */
export interface Held {
  /** Null for one declared in this batch. */
  readonly loaded: IncidentRecord | null;
  readonly state: IncidentState;
}

/**
 * What a batch's commands are decided on: what was loaded, and over it what the commands before have decided. It is
 * also the {@link Facts} of each decision, through {@link BatchState.factsOf}.
 */
export class BatchState {
  readonly policy: Policy;
  readonly headSequence: number;
  readonly #loaded: Loaded;
  readonly #incidents = new Map<string, Held>();
  readonly #outdated: ReadonlySet<string>;
  /** Dedup keys as the batch has them by now. */
  readonly #keys = new Map<string, KeyHolder>();
  readonly #loadedKeys: ReadonlyMap<string, KeyHolder>;
  readonly #requests = new Map<string, StoredRequest>();
  readonly #names = new Map<string, string>();
  readonly #newNames = new Set<string>();
  readonly #members: ReadonlySet<string>;
  readonly #signals = new Map<string, { readonly incidentId: string | null; readonly own?: OwnSignal }>();
  readonly #timeline = new Map<number, { readonly incidentId: string; readonly isPublic: boolean }>();
  readonly runs: BatchRuns;
  readonly #errors = new KnownErrors();
  /** Incident → since when it blocks sessions. */
  readonly #gates = new Map<string, Instant | null>();
  readonly #open = new OpenSignals();
  readonly #episodes: Episodes;
  /** Incidents that this batch merged, or split a signal of: what was loaded of their signals no longer holds. */
  readonly #rearranged = new Set<string>();

  constructor(loaded: Loaded) {
    this.#loaded = loaded;
    this.policy = loaded.policy;
    this.headSequence = loaded.headSequence;
    this.#outdated = new Set(loaded.outdatedIncidentIds);
    this.#members = new Set(loaded.memberIds);
    for (const error of loaded.errors) this.#errors.addUnder(error.level, error);
    this.runs = new BatchRuns(loaded.runs);
    this.#episodes = new Episodes(loaded.episodes);
    for (const record of loaded.incidents) {
      this.#incidents.set(record.state.id, { loaded: record, state: record.state });
    }
    this.#loadedKeys = new Map(loaded.dedupKeys.map((holder) => [holder.key, holder]));
    for (const stored of loaded.requests)
      this.#requests.set(requestKey(stored.principal, stored.key), stored);
    for (const { kind, name, id } of loaded.names) this.#names.set(`${kind} ${nameKey(name)}`, id);
    for (const { signalId, ...signal } of loaded.signals) this.#signals.set(signalId, signal);
    for (const entry of loaded.timeline) this.#timeline.set(entry.sequence, entry);
    for (const { incidentId, blockedAt } of loaded.gates) this.#gates.set(incidentId, blockedAt);
    for (const signal of loaded.openSignals) this.#open.add(signal);
  }

  incident(incidentId: string): Held | undefined {
    return this.#incidents.get(incidentId);
  }

  /** Whether its stored state is of a newer program. */
  isOutdated(incidentId: string): boolean {
    return this.#outdated.has(incidentId);
  }

  /** Whether this batch merged it, or split a signal off: the next command on it is of another batch. */
  isRearranged(incidentId: string): boolean {
    return this.#rearranged.has(incidentId);
  }

  /** Since when the incident blocks sessions, as the batch has it by now; null when it does not. */
  gateOf(incidentId: string): Instant | null {
    return this.#gates.get(incidentId) ?? null;
  }

  /** Who holds the key, as the batch has it by now. */
  holderOf(key: string): string | undefined {
    const named = this.#namedBy(key);
    return named?.held ? named.incidentId : undefined;
  }

  /** Who held the key last, if nobody holds it by now. */
  lastHolderOf(key: string): string | undefined {
    const named = this.#namedBy(key);
    return named?.held ? undefined : named?.incidentId;
  }

  #namedBy(key: string): KeyHolder | undefined {
    return this.#keys.get(key) ?? this.#loadedKeys.get(key);
  }

  /** Whether the load knew this incident as the key's, held or not, and so loaded what goes with it. */
  wasLoadedByKey(key: string, incidentId: string): boolean {
    return this.#loadedKeys.get(key)?.incidentId === incidentId;
  }

  /** Whether what was loaded to clear everything by this key was, in part, cleared by this batch: there may be more. */
  mayMissOpenSignals(incidentId: string, dedupKey: string): boolean {
    return this.#open.mayMiss(incidentId, dedupKey);
  }

  /** The stored answer to an idempotency key. */
  answerTo(principal: string, key: string): StoredRequest | undefined {
    return this.#requests.get(requestKey(principal, key));
  }

  /** What a command of administration is decided on. @throws Error when the batch holds none. */
  get administration(): { readonly sequence: number; readonly facts: AdministrationFacts } {
    const facts = factsOf(this.#loaded);
    return { sequence: this.#loaded.administration?.sequence ?? 0, facts };
  }

  /** The open incident of those looked up for this that is most telling, as the batch has it by now. */
  joinable({ joinable }: MoreFacts): string | undefined {
    for (const { kind, key } of joinable) {
      const found = this.#loaded.joinable.find((one) => one.kind === kind && one.key === key)?.incidentId;
      const held = found === undefined ? undefined : this.#incidents.get(found);
      if (held !== undefined && isOpen(held.state.status)) return found;
    }
    return undefined;
  }

  /**
   * What a decision on this incident may look up; `onNewName` is told when it uses a name this very batch makes, and
   * `lookUp` when it needs more.
   */
  factsOf(incidentId: string, onNewName: () => void, lookUp: Facts['lookUp']): Facts {
    return {
      name: (kind, name) => {
        const key = `${kind} ${nameKey(name)}`;
        if (this.#newNames.has(key)) onNewName();
        return this.#names.get(key);
      },
      isMember: (userId) => this.#members.has(userId),
      openSignal: (fingerprint) => this.#open.any(incidentId, fingerprint),
      firingSignal: (fingerprint, key) => this.#open.firing(incidentId, fingerprint, key),
      openSignals: (key) => this.#open.firingBy(incidentId, key),
      episode: (episode) => this.#episodes.find(episode),
      signal: (signalId) => this.#signals.get(signalId),
      ownSignal: (signalId) => {
        const signal = this.#signals.get(signalId);
        return signal?.incidentId === incidentId ? signal.own : undefined;
      },
      incident: (id) => {
        const held = this.#incidents.get(id);
        // One that this batch declares has no number yet, and nobody knows it yet.
        return held?.loaded ? { state: held.state, number: held.loaded.number } : undefined;
      },
      timelineEntry: (sequence) => this.#timeline.get(sequence),
      dedupKeyHolder: (key) => this.holderOf(key),
      lookUp,
      knowsError: (error) => this.#errors.has(error),
      knowsRun: (source, runId) => this.runs.knowsRun(source, runId),
      knowsTarget: (target) => this.runs.knowsTarget(incidentId, target),
      wasMuted: (source, target, at) => this.runs.wasMuted(source, target, at),
      lastBurst: (source) => this.runs.lastBurst(source),
    };
  }

  /** Makes what a command decided what the next ones are decided on. */
  apply(
    incidentId: string,
    { events, gateBlockedAt }: Pick<Accepted, 'events' | 'gateBlockedAt'>,
    state: IncidentState,
    keys: Change['dedupKeys'],
  ): void {
    const loaded = this.#incidents.get(incidentId)?.loaded ?? null;
    this.#incidents.set(incidentId, { loaded, state });
    this.#gates.set(incidentId, gateBlockedAt);
    for (const event of events) this.#note(event);
    if (keys === null) return;
    const hold = (key: string, held: boolean) => void this.#keys.set(key, { key, incidentId, held });
    for (const key of keys.take) hold(key, true);
    for (const key of keys.retake) if (this.holderOf(key) === undefined) hold(key, true);
    for (const key of keys.release) if (this.holderOf(key) === incidentId) hold(key, false);
  }

  /** Errors that the batch writes, with or without an event. */
  noteErrors(errors: Accepted['errors']): void {
    for (const error of errors) this.#errors.add(error);
  }

  /** Clearings that the batch remembers. */
  noteEarly(clearings: Accepted['earlyClearings']): void {
    for (const clearing of clearings) this.#episodes.remember(clearing);
  }

  #note(event: IncidentEvent): void {
    if ('names' in event.payload) this.#addNames(event.payload.names);
    switch (event.type) {
      case 'INCIDENT_CREATED':
        for (const signalId of event.payload.attachedSignalIds ?? []) {
          this.#signals.set(signalId, { incidentId: event.incident });
        }
        return;
      case 'INCIDENT_SIGNAL_INGESTED':
        this.#open.add({ dedupKey: null, beganAt: null, ...event.payload, incidentId: event.incident });
        return;
      case 'INCIDENT_SIGNAL_CLEARED':
        this.#noteClearing(event.incident, event.payload.signalId);
        return;
      case 'INCIDENT_MERGED':
      case 'INCIDENT_ABSORBED':
      case 'INCIDENT_SIGNAL_SPLIT':
        this.#rearranged.add(event.incident);
        return;
      case 'INCIDENT_VISIBILITY_CHANGED': {
        const { ofSequence, isPublic } = event.payload;
        this.#timeline.set(ofSequence, { incidentId: event.incident, isPublic });
        return;
      }
      default:
        return;
    }
  }

  #noteClearing(incidentId: string, signalId: string): void {
    const {
      dedupKey = null,
      fingerprint = null,
      beganAt = null,
    } = this.#open.remove(incidentId, signalId) ?? {};
    if (dedupKey === null || fingerprint === null || beganAt === null) return;
    this.#episodes.end({ dedupKey, fingerprint, beganAt });
  }

  #addNames(names: readonly NewName[] | undefined): void {
    for (const { kind, id, name } of names ?? []) {
      const key = `${kind} ${nameKey(name)}`;
      this.#names.set(key, id);
      this.#newNames.add(key);
    }
  }
}
