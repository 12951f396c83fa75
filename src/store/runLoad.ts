import type { MutedSpan } from '../domain/bulkAction/bulkAction.ts';
import type { Instant } from '../domain/instant.ts';

/** What a batch that reports runs names. */
export interface RunLoadRequest {
  /** Stretches of time of a source: whose bursts overlap them is loaded, too. */
  readonly bursts: readonly { readonly source: string; readonly from: Instant; readonly until: Instant }[];
  readonly runs: readonly { readonly source: string; readonly runId: string }[];
  readonly targets: readonly string[];
  /** When which target failed; `at` null: when it is told. */
  readonly failed: readonly {
    readonly source: string;
    readonly target: string;
    readonly at: Instant | null;
  }[];
}

/** What the database holds of the runs a batch names. */
export interface LoadedRuns {
  /** Incidents whose bursts overlap. */
  readonly incidentIds: readonly string[];
  readonly lastBursts: readonly { readonly source: string; readonly ordinal: number }[];
  readonly runs: RunLoadRequest['runs'];
  /** Those of the targets that these incidents have. */
  readonly targets: readonly { readonly incidentId: string; readonly target: string }[];
  /** Of each target that failed, when it was muted last before it did: the only time that may hold it. */
  readonly muted: readonly (MutedSpan & { readonly source: string; readonly target: string })[];
}
