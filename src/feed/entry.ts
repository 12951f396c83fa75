import type { IncidentRecord } from '../domain/incident/state.ts';
import {
  type AdministrationEntry,
  type IncidentEntry,
  type Ledger,
  ledgers,
} from '../domain/ledger/ledger.ts';
import type { RunRow } from '../store/read/runs.ts';

/**
 * What can be followed: the ledgers, and the runs that are kept, which nothing chains but which are numbered in order of
 * commit as well. The doorbell calls each by its place.
 */
export const followed = [...ledgers, 'RUNS'] as const;
export type Followed = (typeof followed)[number];

/** A run that is kept, at its place among all of its organization; null where runs have gone, or a number was left over. */
export interface RunEntry {
  readonly organizationId: string;
  readonly ledger: 'RUNS';
  /** In order of commit, from 1; not gapless. */
  readonly sequence: number;
  readonly run: RunRow | null;
}

/**
 * A ledger entry on its way to subscribers, with the incident as it was right after it; null when it was read for
 * readers that do not look at it (see `OpenOptions.bare`), and from an event of a newer program on: what that one
 * changed is not known here.
 */
export type LedgerFeedEntry =
  | { readonly entry: IncidentEntry; readonly after: IncidentRecord | null }
  | { readonly entry: AdministrationEntry; readonly after: null };

/** What subscribers are given: an entry of a ledger, or a run. */
export type FeedEntry = LedgerFeedEntry | { readonly entry: RunEntry; readonly after: null };

/** What the write path tells the feed once a batch is committed, never before. */
export interface FeedInbox {
  /**
   * Entries just committed here, in sequence order. They enter the ring directly if the first is last + 1. This rings
   * the doorbell of other instances too: no call of `ring` is needed beside it.
   */
  committed(organizationId: string, ledger: Ledger, entries: readonly LedgerFeedEntry[]): void;
  /**
   * Something moved, but what is not known here (an unknown commit): look, and let others look. `only`: nothing else did;
   * runs are read back by whoever listens, not handed over.
   */
  ring(organizationId: string, only?: Followed): void;
}
