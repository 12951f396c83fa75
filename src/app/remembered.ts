import { LRUCache } from 'lru-cache';
import type { IncidentRecord } from '../domain/incident/state.ts';
import type { Instant } from '../domain/instant.ts';
import type { Change, CommitOutcome, Loaded, LoadRequest } from '../store/port.ts';
import type { Drafted } from './changes.ts';

/** UTF-16 units of the states, descriptions and notes that one process remembers: some thousands of incidents. */
const unitsRemembered = 4 * 1_048_576;

/** Policies one process remembers, one an organization. */
const policiesRemembered = 10_000;

/** A batch after its commit. */
export interface Left {
  readonly organizationId: string;
  readonly loaded: Loaded;
  readonly drafted: readonly Drafted[];
  /** Those of the drafts, in order, as are the outcomes. */
  readonly changes: readonly Change[];
  readonly outcomes: readonly CommitOutcome[];
}

/** An incident as a commit of ours left it, and since when it blocks sessions. */
interface Written {
  readonly record: IncidentRecord;
  readonly gateBlockedAt: Instant | null;
}

/**
 * Incidents and policies as the last commits of this process left them, so that a command on one of them needs no load.
 * Others may have written since. So this may be decided on only where the commit compares what it was decided on, which
 * it does for the version of the incident, its session gate, and the version of the policy; what is answered without a
 * commit must rest on a load.
 */
export class Remembered {
  readonly #incidents = new LRUCache<string, Written>({ maxSize: unitsRemembered });
  readonly #policies = new LRUCache<string, Pick<Loaded, 'policy' | 'headSequence'>>({
    max: policiesRemembered,
  });

  /**
   * What a load would answer if nobody else had written meanwhile; null unless all that is asked for is remembered.
   * Earlier answers to idempotency keys never are: the commit looks for them, too.
   */
  recall(request: LoadRequest): Loaded | null {
    const known = this.#policies.get(request.organizationId);
    if (known === undefined || !asksForIncidentsOnly(request)) return null;
    const incidents: IncidentRecord[] = [];
    const gates: Loaded['gates'][number][] = [];
    for (const incidentId of request.incidentIds) {
      const written = this.#incidents.get(keyOf(request.organizationId, incidentId));
      if (written === undefined) return null;
      const { record, gateBlockedAt: blockedAt } = written;
      incidents.push(record);
      if (blockedAt !== null) gates.push({ incidentId, blockedAt });
    }
    return { ...nothingElse, ...known, incidents, gates };
  }

  /** Notes what a batch left behind, and forgets what turned out to be otherwise. */
  note({ organizationId, loaded, drafted, changes, outcomes }: Left): void {
    const { policy, headSequence } = loaded;
    this.#policies.set(organizationId, { policy, headSequence });
    const sequences = new Map(loaded.incidents.map(({ state, sequence }) => [state.id, sequence]));
    for (const [index, { draft }] of drafted.entries()) {
      const outcome = outcomes[index];
      const change = changes[index];
      if (outcome?.kind === 'policyMoved' || draft.ledger === 'ADMINISTRATION') {
        this.#policies.delete(organizationId);
      }
      if (draft.ledger === 'ADMINISTRATION' || draft.after === null) continue;
      const { id, description, notes } = draft.after;
      const key = keyOf(organizationId, id);
      if (outcome?.kind !== 'committed') {
        this.#incidents.delete(key);
        continue;
      }
      const own = change?.events.findLastIndex(({ ledger }) => ledger === 'INCIDENTS') ?? -1;
      const sequence = outcome.entries[own]?.sequence ?? sequences.get(id);
      if (sequence === undefined) continue;
      sequences.set(id, sequence);
      // Of several changes of an incident, the last one has its state.
      if (!change?.incident) continue;
      const { state, policyVersion } = change.incident;
      const size = 1 + state.length + description.length + notes.length;
      const record = { state: draft.after, number: outcome.number, sequence, policyVersion };
      this.#incidents.set(key, { record, gateBlockedAt: draft.gate.after }, { size });
    }
  }

  /** Nothing is known any more of what these were decided on: what became of them is not known. */
  forget(organizationId: string, drafted: readonly Drafted[]): void {
    this.#policies.delete(organizationId);
    for (const { draft } of drafted) {
      if (draft.ledger === 'INCIDENTS' && draft.incidentId !== null) {
        this.#incidents.delete(keyOf(organizationId, draft.incidentId));
      }
    }
  }
}

function keyOf(organizationId: string, incidentId: string): string {
  return `${organizationId} ${incidentId}`;
}

/** What a load of incidents alone finds beside them. */
const nothingElse = {
  dedupKeys: [],
  requests: [],
  names: [],
  memberIds: [],
  signals: [],
  openSignals: [],
  episodes: null,
  earlyClearings: 0,
  timeline: [],
  apiKeys: [],
  joinable: [],
  errors: [],
  runs: null,
  outdatedIncidentIds: [],
  administration: null,
} as const;

function asksForIncidentsOnly(request: LoadRequest): boolean {
  return (
    request.dedupKeys.length === 0 &&
    request.names.length === 0 &&
    request.userIds.length === 0 &&
    request.signalIds.length === 0 &&
    request.fingerprints.length === 0 &&
    request.allOpenSignalsOfDedupKeys.length === 0 &&
    request.sequences.length === 0 &&
    request.apiKeyIds.length === 0 &&
    request.joinable.length === 0 &&
    request.errors.length === 0 &&
    request.runs === null &&
    request.administration === null
  );
}
