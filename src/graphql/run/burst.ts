import type { Burst as BurstSource } from '../../domain/detection/burst.ts';
import type { IncidentState } from '../../domain/incident/state.ts';
import { builder } from '../builder.ts';
import { Run } from './run.ts';

type ShownBurst = Omit<BurstSource, 'ordinal' | 'latestRunId' | 'latestError'> & {
  readonly latestRunId: string | null;
  readonly latestError: string | null;
};

/** The burst an incident is about, of runs that were reported or as its source has it; null when it is about no errors. */
export function burstIn({ burst, sync }: Pick<IncidentState, 'burst' | 'sync'>): ShownBurst | null {
  if (burst !== null || sync === null || sync.errorCount === null) return burst;
  const { errorCount } = sync;
  return { ...sync, errorCount, endedAt: sync.endedAt ?? sync.startedAt };
}

/** The burst of failed runs that an incident is about. */
export const Burst = builder.objectRef<ShownBurst>('Burst').implement({
  description:
    'Failed runs of one source, none more than the silence window of the policy after the one before: silence resolves it. Or errors as a source that syncs its incidents counts them.',
  fields: (t) => ({
    source: t.exposeString('source', { description: 'What ran.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When its first run failed.' }),
    endedAt: t.expose('endedAt', { type: 'DateTime', description: 'When its last run failed, so far.' }),
    errorCount: t.exposeInt('errorCount', { description: 'How many runs failed.' }),
    uniqueTargets: t.exposeInt('uniqueTargets', {
      description: 'How many different targets they failed for: the blast radius.',
    }),
    latestRunId: t.exposeString('latestRunId', {
      nullable: true,
      description: 'The `runId` of the latest failed run; null when a sync did not say.',
    }),
    latestRun: t.field({
      type: Run,
      nullable: true,
      description: 'The latest failed run; null when it was not reported, or is no longer kept.',
      resolve: ({ source, latestRunId }, _args, { loaders }) =>
        latestRunId === null ? null : loaders.run.load({ source, runId: latestRunId }),
    }),
    latestError: t.exposeString('latestError', {
      nullable: true,
      description: 'What went wrong in the latest failed run; null when a sync did not say.',
    }),
  }),
});
