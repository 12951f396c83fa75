import { runStatuses } from '../../domain/detection/runReport.ts';
import type { RunRow } from '../../store/read/runs.ts';
import type { RunTargetRow } from '../../store/read/runTargets.ts';
import { builder } from '../builder.ts';
import { describedEnum } from '../enums.ts';
import { toGlobalId } from '../globalId.ts';
import { Incident } from '../incident/incident.ts';

/** How a run ended. */
export const RunStatusEnum = describedEnum('RunStatus', 'How a run ended.', runStatuses, {
  SUCCEEDED: 'It did what it is for.',
  FAILED: 'It did not: it counts towards a burst.',
  SKIPPED: 'It had nothing to do, or was kept from it.',
});

/** A run that was reported. */
export const Run = builder.objectRef<RunRow>('Run').implement({
  description:
    'One run of some work, as its system reported it, or what a bulk action came to for a target. Kept for 90 days from then.',
  fields: (t) => ({
    runId: t.exposeString('runId', {
      description: 'Its id: the one it was reported with, or the one it was given.',
    }),
    source: t.exposeString('source', { description: 'What ran.' }),
    target: t.exposeString('target', { description: 'What it ran for.' }),
    status: t.expose('status', { type: RunStatusEnum, description: 'How it ended.' }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'What went wrong; null unless it failed.',
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it ran.' }),
    reportedAt: t.expose('reportedAt', { type: 'DateTime', description: 'When it was reported.' }),
    sequence: t.expose('sequence', {
      type: 'SafeInt',
      description:
        'Its place among all runs of your organization, in the order they were kept; not gapless. The last you saw is `after` of `runsReported`.',
    }),
    bulkActionId: t.id({
      nullable: true,
      description:
        'The `id` of the bulk action it is the result of, for one target; such a run counts for no burst. Null for a run that was reported.',
      resolve: ({ bulkActionId }) => (bulkActionId === null ? null : toGlobalId('BulkAction', bulkActionId)),
    }),
    incident: t.field({
      type: Incident,
      nullable: true,
      description:
        'The incident whose burst it is of, or whose bulk action; null for a reported one that did not fail, whose target was muted then, or that a maintenance window kept from beginning a burst.',
      resolve: ({ incidentId }, _args, { loaders }) =>
        incidentId === null ? null : loaders.incident.load(incidentId),
    }),
  }),
});

/** A page of runs. */
export const RunConnection = builder.connectionObject({
  type: Run,
  name: 'RunConnection',
  description: 'A page of runs.',
});

/** What runs failed for. */
const RunTarget = builder.objectRef<RunTargetRow>('RunTarget').implement({
  description: 'Something that runs of an incident failed for: part of its blast radius.',
  fields: (t) => ({
    target: t.exposeString('target', { description: 'What it is, as its runs call it.' }),
    errorCount: t.exposeInt('errorCount', {
      nullable: true,
      description: 'How many runs failed for it; null of an incident that is synced.',
    }),
    firstAt: t.expose('firstAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the first of them failed; null of an incident that is synced.',
    }),
    latestAt: t.expose('latestAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the latest of them failed; null of an incident that is synced.',
    }),
    muted: t.exposeBoolean('muted', {
      description: 'Whether it is muted: what fails for it counts for no burst.',
    }),
  }),
});

/** A page of targets. */
export const RunTargetConnection = builder.connectionObject({
  type: RunTarget,
  name: 'RunTargetConnection',
  description: 'A page of what runs failed for.',
});
