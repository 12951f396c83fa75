import { describe, expect, it } from 'vitest';
import { burnRate } from '../../../src/domain/incident/burnRate.ts';
import { plusMinutes } from '../../../src/domain/instant.ts';
import { declared, start } from '../../support/given.ts';

describe('the burn rate', () => {
  // The recommended alerts of The Site Reliability Workbook, table 5-8, and what "1" means.
  it.each([
    ['2 % in an hour of 30 days', 0.02, 1, 30, 14.4],
    ['5 % in six hours of 30 days', 0.05, 6, 30, 6],
    ['10 % in three days of 30', 0.1, 72, 30, 1],
    ['all of it in the whole period', 1, 28 * 24, 28, 1],
    ['none', 0, 1, 30, 0],
  ])('of %s', (_what, errorBudgetConsumed, hours, periodDays, expected) => {
    const windowEnd = plusMinutes(start, hours * 60);
    expect(burnRate({ windowStart: start, windowEnd, errorBudgetConsumed, periodDays })).toBeCloseTo(
      expected,
      9,
    );
  });

  it('counts with 30 days where nothing is said', () => {
    const windowEnd = plusMinutes(start, 60);
    expect(burnRate({ windowStart: start, windowEnd, errorBudgetConsumed: 0.02 })).toBeCloseTo(14.4, 9);
  });

  it('of the violation recorded last shows on the incident', () => {
    const story = declared();
    expect(story.incident.latestSloViolation).toBeNull();
    const violation = {
      sloId: 'latency',
      windowStart: plusMinutes(start, -60),
      windowEnd: start,
      errorBudgetConsumed: 0.02,
      thresholdBreached: 0.99,
    };
    story.do('recordSloViolation', violation);
    expect(story.incident.latestSloViolation).toMatchObject({ sloId: 'latency', burnRate: 14.4 });
    story.do('recordSloViolation', { ...violation, sloId: 'errors', periodDays: 7 });
    const { latestSloViolation } = story.incident;
    expect(latestSloViolation?.sloId).toBe('errors');
    expect(latestSloViolation?.burnRate).toBeCloseTo(3.36, 9);
  });

  it.each([0, 0.5, 367, Number.NaN])('a period of %s days is refused', (periodDays) => {
    const input = {
      sloId: 'latency',
      windowStart: plusMinutes(start, -60),
      windowEnd: start,
      errorBudgetConsumed: 0.02,
      thresholdBreached: 0.99,
      periodDays,
    };
    expect(declared().problems('recordSloViolation', input)).toEqual(['periodDays']);
  });
});
