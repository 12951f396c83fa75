import { InputCheck } from '../inputCheck.ts';
import { defaultSloPeriodDays } from './burnRate.ts';
import { limits } from './limits.ts';
import { agreed, type IncidentVerb } from './verb.ts';

/** The longest period of an objective. */
const longestPeriodDays = 366;

/** Records that the incident broke a service level objective. */
export const recordSloViolation: IncidentVerb<'recordSloViolation'> = (input, _state, context) => {
  const check = new InputCheck();
  const sloId = check.text('sloId', input.sloId, limits.key);
  const windowStart = check.pastInstant('windowStart', input.windowStart, context.at);
  const windowEnd = check.instant('windowEnd', input.windowEnd);
  const errorBudgetConsumed = check.amount('errorBudgetConsumed', input.errorBudgetConsumed);
  const thresholdBreached = check.amount('thresholdBreached', input.thresholdBreached);
  const periodDays =
    input.periodDays == null
      ? defaultSloPeriodDays
      : check.whole('periodDays', input.periodDays, 1, longestPeriodDays);
  const details = check.optionalText('details', input.details, limits.details);
  if (check.refusal === null && windowEnd <= windowStart) {
    check.note('windowEnd', 'The window ends before it starts.');
  }
  if (check.refusal !== null) return check.refusal;
  return agreed({
    type: 'INCIDENT_SLO_VIOLATION_RECORDED',
    payload: {
      violationId: context.newId(),
      sloId,
      windowStart,
      windowEnd,
      errorBudgetConsumed,
      thresholdBreached,
      periodDays,
      details,
    },
  });
};
