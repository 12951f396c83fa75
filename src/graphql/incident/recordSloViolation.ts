import { limits } from '../../domain/incident/limits.ts';
import { incidentMutation } from '../mutation/incidentMutation.ts';
import { upTo } from '../mutation/upTo.ts';

incidentMutation('recordSloViolation', {
  description: 'Records that a service level objective was violated, as part of this incident.',
  fields: (t) => ({
    sloId: t.string({
      required: true,
      description: `What your SLO system calls the objective. ${upTo(limits.key)}`,
    }),
    windowStart: t.field({
      type: 'DateTime',
      required: true,
      description: 'Where the measured window begins.',
    }),
    windowEnd: t.field({
      type: 'DateTime',
      required: true,
      description: 'Where it ends; after its beginning.',
    }),
    errorBudgetConsumed: t.float({
      required: true,
      description: 'Share of the whole error budget of the period that the window used; 1 is all of it.',
    }),
    thresholdBreached: t.float({
      required: true,
      description: 'The threshold that was crossed, in the unit of the objective.',
    }),
    periodDays: t.int({
      description: 'The period the objective is measured over, in days, 1–366; 30 unless given.',
    }),
    details: t.field({ type: 'JSON', description: 'Anything else worth keeping, as JSON.' }),
  }),
  command: ({ details, ...rest }) =>
    details === undefined || details === null ? rest : { ...rest, details: JSON.stringify(details) },
});
