import type { DeadlineKind } from '../domain/incident/vocabulary.ts';
import type { Instant } from '../domain/instant.ts';

/** What to claim, and for how long. */
export interface ClaimRequest {
  readonly now: Instant;
  /** At most 200. */
  readonly limit: number;
  /** Organizations of which nothing is claimed now, whatever is due. */
  readonly leftOut?: readonly string[];
  /** Milliseconds the claim keeps others away: 2,000. It saves work; it is not what makes firing exactly-once. */
  readonly leaseMilliseconds: number;
}

/** A deadline whose instant has come, leased to this process. */
export interface DueDeadline {
  readonly organizationId: string;
  /** Null for REPLAN. */
  readonly incidentId: string | null;
  readonly kind: DeadlineKind | 'REPLAN';
  readonly key: string;
  readonly dueAt: Instant;
}

/** What is due now, and when to look again. */
export interface Claimed {
  readonly due: readonly DueDeadline[];
  /** The earliest instant that is not due yet; null when there is none. */
  readonly nextDueAt: Instant | null;
}
