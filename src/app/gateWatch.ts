import type { BlockingIncident } from '../domain/access/blockedBy.ts';
import { type Ledger, ledgers } from '../domain/ledger/ledger.ts';
import type { FeedEntry } from '../feed/entry.ts';
import type { Feed, FeedReader } from '../feed/feed.ts';
import type { WatchedListener } from '../feed/source.ts';

/** The longest what was read about the gate may be believed, in milliseconds. Source: rules.md, Session gate. */
export const gateAnswerLasts = 5_000;

/** Something read, and when that was begun. */
export interface Kept<T> {
  readonly value: Promise<T>;
  readonly readAt: number;
}

let epochsSoFar = 0;

/** Both ledgers of one organization, as far as the gate is concerned: whatever changes it begins a new epoch. */
export class GateWatch {
  /** Resolves once both are followed. */
  readonly ready: Promise<void>;
  readonly listeners = new Set<WatchedListener>();
  /** Never the same twice, in no watch of this process. */
  epoch = ++epochsSoFar;
  /** Milliseconds on the keeper's clock. */
  askedAt = 0;
  ended = false;
  readonly #readers: FeedReader[] = [];
  #blocking: Kept<readonly BlockingIncident[]> | null = null;
  /** The incidents that block, as far as this epoch knows; null while it does not. */
  #blockingIds: ReadonlySet<string> | null = null;

  constructor(feed: Feed, organizationId: string, onError: (error: unknown) => void) {
    const follow = async (ledger: Ledger): Promise<void> => {
      const reader = await feed.open({ organizationId, ledger, after: null });
      if (this.ended) return reader.close();
      this.#readers.push(reader);
      this.#run(reader)
        .catch(onError)
        .finally(() => this.close());
    };
    this.ready = Promise.all(ledgers.map(follow)).then(() => {});
    this.ready.catch(() => this.close());
  }

  /** The incidents that block, read once an epoch and at most every 5 s. */
  blocking(read: () => Promise<readonly BlockingIncident[]>, now: number): Kept<readonly BlockingIncident[]> {
    const known = this.#blocking;
    if (known !== null && now - known.readAt < gateAnswerLasts) return known;
    const kept = { value: read(), readAt: now };
    this.#blocking = kept;
    kept.value.then(
      (incidents) => {
        if (this.#blocking !== kept) return;
        this.#blockingIds = new Set(incidents.map(({ incidentId }) => incidentId));
      },
      () => {
        if (this.#blocking === kept) this.#blocking = null;
      },
    );
    return kept;
  }

  close(): void {
    if (this.ended) return;
    this.ended = true;
    for (const reader of this.#readers.splice(0)) reader.close();
    const ended = new Error('The feed has ended.');
    for (const listener of [...this.listeners]) listener.ended(ended);
    this.listeners.clear();
  }

  async #run(reader: FeedReader): Promise<void> {
    for (let position = reader.start; ; ) {
      const entries = await reader.read(position, 500);
      const last = entries.at(-1);
      if (last === undefined) return;
      position = last.entry.sequence;
      if (!entries.some((entry) => this.#changesGate(entry))) continue;
      this.epoch = ++epochsSoFar;
      this.#blocking = null;
      this.#blockingIds = null;
      for (const listener of [...this.listeners]) listener.changed();
    }
  }

  /** Whether the gate may stand otherwise with anybody after this: administration is rare, so all of it counts. */
  #changesGate({ entry }: FeedEntry): boolean {
    if (entry.ledger !== 'INCIDENTS') return true;
    const reassigns = entry.type === 'INCIDENT_ROLE_ASSIGNED' || entry.type === 'INCIDENT_ASSIGNED';
    return reassigns && (this.#blockingIds?.has(entry.incidentId) ?? true);
  }
}
