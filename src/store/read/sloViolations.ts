import type { Instant } from '../../domain/instant.ts';
import type { Row } from '../database.ts';

/** A violated service level objective recorded on an incident. */
export interface SloViolationRow {
  readonly id: string;
  readonly incidentId: string;
  readonly sloId: string;
  readonly windowStart: Instant;
  readonly windowEnd: Instant;
  readonly errorBudgetConsumed: number;
  readonly thresholdBreached: number;
  /** The objective's period. */
  readonly periodDays: number;
  /** JSON text. */
  readonly details: string | null;
  readonly at: Instant;
  /** The incident's version right after it: its cursor. */
  readonly version: number;
}

/** A row of `slo_violation`. */
export function sloViolationOf(row: Row): SloViolationRow {
  return {
    id: row.id as string,
    incidentId: row.incident_id as string,
    sloId: row.slo_id as string,
    windowStart: row.window_start as Instant,
    windowEnd: row.window_end as Instant,
    errorBudgetConsumed: Number(row.error_budget_consumed),
    thresholdBreached: Number(row.threshold_breached),
    periodDays: Number(row.period_days),
    details: row.details as string | null,
    at: row.at as Instant,
    version: Number(row.version),
  };
}
