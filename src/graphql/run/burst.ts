import type { Burst as BurstSource } from '../../domain/detection/burst.ts';
import { builder } from '../builder.ts';
import { Run } from './run.ts';

/** The burst of failed runs that an incident is about. */
export const Burst = builder.objectRef<BurstSource>('Burst').implement({
  description:
    'Failed runs of one source, none more than the silence window of the policy after the one before. Silence resolves it.',
  fields: (t) => ({
    source: t.exposeString('source', { description: 'What ran.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When its first run failed.' }),
    endedAt: t.expose('endedAt', { type: 'DateTime', description: 'When its last run failed, so far.' }),
    errorCount: t.exposeInt('errorCount', { description: 'How many runs failed.' }),
    uniqueTargets: t.exposeInt('uniqueTargets', {
      description: 'How many different targets they failed for: the blast radius.',
    }),
    latestRunId: t.exposeString('latestRunId', { description: 'The `runId` of the latest failed run.' }),
    latestRun: t.field({
      type: Run,
      nullable: true,
      description: 'The latest failed run; null once it is no longer kept.',
      resolve: ({ source, latestRunId }, _args, { loaders }) =>
        loaders.run.load({ source, runId: latestRunId }),
    }),
    latestError: t.exposeString('latestError', { description: 'What went wrong in the latest failed run.' }),
  }),
});
