import type { IncidentRecord } from '../domain/incident/state.ts';
import type { FeedEntry, Followed } from './entry.ts';

/** Every matching entry after a cursor, in order, none left out. What subscribers are given is the FeedEntry. */
export interface EverySource {
  readonly mode: 'every';
  readonly ledger: Followed;
  /** The last sequence already seen; null: from now. */
  readonly after: number | null;
  /** Pure and quick: it runs for every entry of the organization. Every entry when absent. */
  readonly match?: (entry: FeedEntry) => boolean;
  /** Its subscribers do not look at the incident after an entry: `after` may be null. */
  readonly bare?: boolean;
}

/**
 * An incident as it is: now, then after each change; a slow subscriber skips intermediate states and always gets the
 * latest. What subscribers are given is the IncidentRecord.
 */
export interface LatestSource {
  readonly mode: 'latest';
  readonly ledger: 'INCIDENTS';
  readonly match: (entry: FeedEntry) => boolean;
  /** The incident now, read from the database; null when it is gone, and then nothing is sent at first. */
  readonly current: () => Promise<IncidentRecord | null>;
}

/** Told while something is watched. */
export interface WatchedListener {
  /** The value may be another now. */
  changed(): void;
  /** Nothing more will be heard. */
  ended(error: unknown): void;
}

/**
 * A value that no single entry carries: as it is now, then whenever it turns out to be another. Subscribers are given
 * the value; a slow one skips those between and always gets the latest.
 */
export interface WatchedSource<V = unknown> {
  readonly mode: 'watched';
  /** Begins to listen; answers how to stop. */
  listen(listener: WatchedListener): Promise<() => void>;
  current(): Promise<V>;
  /** Whether two values are the same to whoever is given them. */
  isSame(a: V, b: V): boolean;
  /** Whether nothing comes after this value: whoever has been given it is done. Never when absent. */
  isLast?(value: V): boolean;
}

/** Where the events of one subscription come from. */
export type FeedSource = EverySource | LatestSource | WatchedSource;
