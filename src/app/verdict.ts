import type { AdministrationEvent } from '../domain/administration/events.ts';
import type { IncidentEvent } from '../domain/incident/events.ts';
import type { IncidentRecord, IncidentState } from '../domain/incident/state.ts';
import type { Instant } from '../domain/instant.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Change, StoredRequest, TableRows } from '../store/port.ts';
import type { Job } from './job.ts';

/** A decision on an incident that has something to commit, if only the answer to an idempotency key. */
export interface IncidentDraft {
  readonly ledger: 'INCIDENTS';
  readonly incidentId: string | null;
  /** The version it was decided on; null without an incident. */
  readonly base: number | null;
  readonly loaded: IncidentRecord | null;
  readonly events: readonly IncidentEvent[];
  /** What goes into the administration ledger with them. */
  readonly administrationEvents: readonly AdministrationEvent[];
  /** Since when the incident blocks sessions, before and after. */
  readonly gate: { readonly before: Instant | null; readonly after: Instant | null };
  /** The state right after each event. */
  readonly states: readonly IncidentState[];
  /** Null without an incident. */
  readonly after: IncidentState | null;
  readonly keys: Change['dedupKeys'];
  /** Rows that no event makes. */
  readonly extra: TableRows;
  /** A timer's: its deadline set is written whatever it decided. */
  readonly planned: boolean;
}

/** A decision of administration that has something to commit. */
export interface AdministrationDraft {
  readonly ledger: 'ADMINISTRATION';
  /** The policy's version it was decided on, if it changes the policy. */
  readonly base: number | null;
  /** Where the administration ledger stood when it was decided. */
  readonly sequence: number;
  readonly events: readonly AdministrationEvent[];
  readonly extra: TableRows;
}

/**
 * What one command of a batch comes to. `refused` and `same` rest on the commands before it: should one of those not
 * be committed, they are decided again.
 */
export type Verdict =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** Everything was already so, and there is nothing to write. `state` is null without an incident. */
  | { readonly kind: 'same'; readonly state: IncidentState | null }
  | {
      readonly kind: 'draft';
      readonly draft: IncidentDraft | AdministrationDraft;
      /** What it does to another incident: committed with it, or neither is. */
      readonly companion?: IncidentDraft | null;
    }
  /** Answered before: only the stored answer is to be rebuilt. */
  | { readonly kind: 'replay'; readonly stored: StoredRequest }
  | { readonly kind: 'failed'; readonly error: unknown }
  /** Uses what an earlier command of this batch is about to make: decided in the next batch. */
  | { readonly kind: 'later' };

/** Whether it writes anything to a ledger. */
export function moves({ events, administrationEvents }: IncidentDraft): boolean {
  return events.length > 0 || administrationEvents.length > 0;
}

/** A job with its verdict. */
export interface Decided {
  readonly job: Job;
  readonly verdict: Verdict;
}
