import { burnRate } from '../../domain/incident/burnRate.ts';
import type { SloViolationRow } from '../../store/read/sloViolations.ts';
import { builder } from '../builder.ts';

/** A violated service level objective. */
export const SloViolation = builder.node(builder.objectRef<SloViolationRow>('SloViolation'), {
  description: 'A service level objective that was violated.',
  id: { resolve: (row) => row.id },
  loadMany: (ids, { loaders }) => ids.map((id) => loaders.sloViolation.load(id)),
  fields: (t) => ({
    sloId: t.exposeString('sloId', { description: 'The objective, as its own system calls it.' }),
    windowStart: t.expose('windowStart', { type: 'DateTime', description: 'Where its window begins.' }),
    windowEnd: t.expose('windowEnd', { type: 'DateTime', description: 'Where its window ends.' }),
    errorBudgetConsumed: t.exposeFloat('errorBudgetConsumed', {
      description: 'How much of the error budget was used, as recorded.',
    }),
    thresholdBreached: t.exposeFloat('thresholdBreached', { description: 'The threshold it went over.' }),
    periodDays: t.exposeInt('periodDays', {
      description: 'The period the objective is measured over, in days.',
    }),
    burnRate: t.float({
      description:
        'How fast the budget was used: 1 uses all of it in the period, 14.4 uses 2 % of 30 days in an hour. `errorBudgetConsumed` times the period, over the window.',
      resolve: burnRate,
    }),
    details: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What else is worth knowing.',
      resolve: ({ details }) => (details === null ? null : JSON.parse(details)),
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was recorded.' }),
  }),
});

/** A page of SLO violations, oldest first. */
export const SloViolationConnection = builder.connectionObject({
  type: SloViolation,
  name: 'SloViolationConnection',
  description: 'A page of SLO violations, oldest first.',
});
