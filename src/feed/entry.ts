import type { IncidentRecord } from '../domain/incident/state.ts';
import type { AdministrationEntry, IncidentEntry, Ledger } from '../domain/ledger/ledger.ts';

/**
 * A ledger entry on its way to subscribers, with the incident as it was right after it; null when it was read for
 * readers that do not look at it (see `OpenOptions.bare`), and from an event of a newer program on: what that one
 * changed is not known here.
 */
export type FeedEntry =
  | { readonly entry: IncidentEntry; readonly after: IncidentRecord | null }
  | { readonly entry: AdministrationEntry; readonly after: null };

/** What the write path tells the feed once a batch is committed, never before. */
export interface FeedInbox {
  /**
   * Entries just committed here, in sequence order. They enter the ring directly if the first is last + 1. This rings
   * the doorbell of other instances too: no call of `ring` is needed beside it.
   */
  committed(organizationId: string, ledger: Ledger, entries: readonly FeedEntry[]): void;
  /** Something moved, but what is not known here (an unknown commit): look, and let others look. */
  ring(organizationId: string): void;
}
