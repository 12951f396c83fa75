import type { Instant } from '../instant.ts';

/** How a run ended. Only FAILED counts towards a burst. */
export const runStatuses = ['SUCCEEDED', 'FAILED', 'SKIPPED'] as const;
export type RunStatus = (typeof runStatuses)[number];

/** The most runs one report carries. Source: issue "Detection", I3. */
export const runsPerReportLimit = 1_000;

/** A run as it is told: what is missing is made, what is too long is clipped. */
export interface RunReport {
  /** The caller's own name for this run, unique within its source; the same one again is the same run. */
  readonly runId?: string | null;
  /** What ran: `reminders`. */
  readonly source: string;
  /** What it ran for: a subscription, a customer, a file. */
  readonly target: string;
  readonly status: RunStatus;
  readonly error?: string | null;
  readonly at?: Instant | null;
}

/** A run as it is kept: every text fits, and it has an id. */
export interface ReportedRun {
  readonly runId: string;
  readonly source: string;
  readonly target: string;
  readonly status: RunStatus;
  /** What went wrong; null unless it failed. */
  readonly error: string | null;
  /** When it ran; null: when it was reported. */
  readonly at: Instant | null;
}
