import { type Instant, millisecondsBetween } from '../instant.ts';

/** The period an objective is measured over unless it says otherwise, in days. */
export const defaultSloPeriodDays = 30;

const day = 24 * 60 * 60_000;

/** What a burn rate is worked out from. */
export interface BudgetUse {
  readonly windowStart: Instant;
  /** After `windowStart`. */
  readonly windowEnd: Instant;
  /** Share of the period's whole error budget that the window used; 1 is all of it. */
  readonly errorBudgetConsumed: number;
  /** Days; 30 unless given. */
  readonly periodDays?: number | undefined;
}

/**
 * How fast the error budget is used: 1 uses exactly all of it in the objective's period, 14.4 uses 2 % of 30 days in an
 * hour. The share that was used, times period over window.
 * Source: The Site Reliability Workbook, chapter 5, "Alert on Burn Rate".
 */
export function burnRate({ windowStart, windowEnd, errorBudgetConsumed, periodDays }: BudgetUse): number {
  const window = millisecondsBetween(windowStart, windowEnd);
  const rate = errorBudgetConsumed * (((periodDays ?? defaultSloPeriodDays) * day) / window);
  // A state is JSON, which has no infinity.
  return Math.min(rate, Number.MAX_VALUE);
}
