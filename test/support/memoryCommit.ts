import type { Instant } from '../../src/domain/instant.ts';
import type { Change, CommitBatch, CommitOutcome, KeyHolder, StoredRequest } from '../../src/store/port.ts';
import type { MemoryOrganization } from './memoryOrganization.ts';
import { moveKeys } from './memoryWrites.ts';

/** Which changes of a batch are committed, and why the others are not. */
export interface Verdicts {
  /** By index; undefined where the change is committed. */
  readonly refusals: readonly (CommitOutcome | undefined)[];
  /** Incident → its number, where it has one before the batch is written. */
  readonly numbers: Map<string, number>;
  /** Incident → index of the change whose state is stored. */
  readonly carriers: ReadonlyMap<string | null, number>;
}

/** The comparisons of `warroom.commit`, in its order: idempotency key, policy, version, dedup keys, names. */
export function compareChanges(org: MemoryOrganization, batch: CommitBatch): Verdicts {
  const denied = new Set<number>();
  for (;;) {
    const comparing = new Comparing(org, batch, denied);
    for (const [index, change] of batch.changes.entries()) comparing.compare(change, index);
    const orphans = comparing.withoutTheirState();
    if (orphans.length === 0) return comparing;
    for (const index of orphans) denied.add(index);
  }
}

class Comparing implements Verdicts {
  readonly refusals: (CommitOutcome | undefined)[] = [];
  readonly numbers = new Map<string, number>();
  readonly carriers = new Map<string | null, number>();
  readonly #org: MemoryOrganization;
  readonly #batch: CommitBatch;
  readonly #denied: ReadonlySet<number>;
  readonly #versions = new Map<string, number>();
  readonly #gates = new Map<string, Instant | null>();
  readonly #keys: Map<string, KeyHolder>;
  readonly #broken = new Set<string>();
  readonly #requests = new Map<string, Change>();
  #policyVersion: number;
  /** Whether some change attaches what may have been cleared before it came. */
  readonly #beginsEpisode: boolean;

  constructor(org: MemoryOrganization, batch: CommitBatch, denied: ReadonlySet<number>) {
    this.#org = org;
    this.#batch = batch;
    this.#denied = denied;
    this.#policyVersion = org.policyVersion;
    this.#keys = new Map(org.keys);
    this.#beginsEpisode = batch.changes.some(({ rows }) =>
      rows.signal?.some(({ began_at }) => began_at !== null),
    );
  }

  compare(change: Change, index: number): void {
    const { incidentId, events } = change;
    if (incidentId !== null && !this.#versions.has(incidentId)) {
      const row = this.#org.incidents.get(incidentId);
      this.#versions.set(incidentId, row?.version ?? 0);
      this.#gates.set(incidentId, row?.gateBlockedAt ?? null);
      if (row !== undefined) this.numbers.set(incidentId, row.number);
    }
    const refusal = this.#refusalOf(change, index);
    this.refusals[index] = refusal;
    if (refusal !== undefined) {
      if (incidentId !== null && events.length > 0) this.#broken.add(incidentId);
      return;
    }
    if (change.request) this.#requests.set(`${change.request.principal} ${change.request.key}`, change);
    moveKeys(this.#keys, change);
    const policy = change.rows.policy?.[0]?.version;
    if (policy !== undefined) this.#policyVersion = policy as number;
    if (incidentId === null) return;
    const own = events.filter(({ ledger }) => ledger === 'INCIDENTS').length;
    this.#versions.set(incidentId, (this.#versions.get(incidentId) ?? 0) + own);
    this.#gates.set(incidentId, change.gate?.after ?? null);
    if (change.incident !== null) this.carriers.set(incidentId, index);
  }

  #refusalOf(change: Change, index: number): CommitOutcome | undefined {
    const { incidentId, baseVersion, request, dedupKeys } = change;
    if (request !== null) {
      const key = `${request.principal} ${request.key}`;
      const stored = this.#org.requests.get(key);
      if (stored !== undefined) return { kind: 'replayed', request: stored };
      const twin = this.#requests.get(key)?.request;
      if (twin) return { kind: 'replayed', request: twin as unknown as StoredRequest };
    }
    if (this.#batch.policyVersion !== this.#policyVersion) return { kind: 'policyMoved' };
    const current = incidentId === null ? this.#policyVersion : this.#versions.get(incidentId);
    if (this.#denied.has(index) || (baseVersion !== null && baseVersion !== current)) {
      return { kind: 'conflict' };
    }
    const known = this.#batch.earlyClearings;
    if (this.#beginsEpisode && known !== undefined && known !== this.#org.earlyClearingCount) {
      return { kind: 'conflict' };
    }
    const free = change.rows.early_clearing?.find((row) => row.free)?.dedup_key;
    if (free !== undefined && this.#org.keys.get(free as string)?.held) return { kind: 'conflict' };
    const stood = change.administrationSequence;
    if (stood !== null && stood !== this.#org.ledgers.ADMINISTRATION.length) return { kind: 'conflict' };
    if (incidentId !== null && this.#broken.has(incidentId)) return { kind: 'conflict' };
    if (incidentId !== null && (change.gate?.before ?? null) !== this.#gates.get(incidentId)) {
      return { kind: 'conflict' };
    }
    for (const key of dedupKeys?.take ?? []) {
      const holder = this.#keys.get(key);
      if (holder?.held && holder.incidentId !== incidentId) {
        return { kind: 'keyTaken', incidentId: holder.incidentId };
      }
    }
    return this.#hasClash(change) ? { kind: 'conflict' } : undefined;
  }

  #hasClash({ rows }: Change): boolean {
    const tables = { service: 'SERVICE', team: 'TEAM', project: 'PROJECT' };
    return Object.entries(tables).some(([table, kind]) =>
      (rows[table] ?? []).some((row) => {
        const id = this.#org.names.get(`${kind} ${row.name_key}`);
        return id !== undefined && id !== row.id;
      }),
    );
  }

  /** Accepted changes that left their state to a later one which is not accepted, or whose partner is not. */
  withoutTheirState(): readonly number[] {
    return this.#batch.changes.flatMap((change, index) => {
      const isOrphan =
        this.refusals[index] === undefined &&
        change.incident === null &&
        change.events.length > 0 &&
        change.incidentId !== null &&
        (this.carriers.get(change.incidentId) ?? -1) < index;
      const { partner } = change;
      const other = partner === 'NEXT' ? index + 1 : index - 1;
      const isAlone =
        partner !== undefined && this.refusals[index] === undefined && this.refusals[other] !== undefined;
      return isOrphan || isAlone ? [index] : [];
    });
  }
}
