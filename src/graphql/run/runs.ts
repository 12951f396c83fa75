import { runCursor, runPage } from '../../store/read/runs.ts';
import { runTargetCursor } from '../../store/read/runTargets.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { boundedList } from '../boundedList.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { requireIdOf } from '../globalId.ts';
import { Incident } from '../incident/incident.ts';
import { IncidentState } from '../incident/incidentState.ts';
import { DateTimeRange, rangeOf } from '../instantRange.ts';
import { connectionOf, pageOf } from '../page.ts';
import { forwardArguments, pageArguments } from '../pageArguments.ts';
import { Burst, burstIn } from './burst.ts';
import { RunConnection, RunStatusEnum, RunTargetConnection } from './run.ts';

const RunFilter = builder.inputType('RunFilter', {
  description: 'Which runs are wanted: those that match every field given; a list means any of.',
  fields: (t) => ({
    incidentId: t.id({ description: 'Of the burst of this incident: its `id`.' }),
    source: t.stringList({ description: 'Of any of these sources.' }),
    target: t.string({ description: 'For this target.' }),
    status: t.field({ type: [RunStatusEnum], description: 'That ended in any of these ways.' }),
    at: t.field({ type: DateTimeRange, description: 'Ran in this stretch of time.' }),
  }),
});

builder.queryField('runs', (t) =>
  t.field({
    type: RunConnection,
    description: 'Runs reported to your organization, newest first; kept for 90 days.',
    args: {
      filter: t.arg({ type: RunFilter, description: 'Only runs that match all of this.' }),
      ...forwardArguments(t),
    },
    resolve: (_root, args, context) => {
      authorizeRead('runs', context);
      const page = pageOf(args);
      const { incidentId, source, target, status, at } = args.filter ?? {};
      const filter = {
        incidentId: incidentId == null ? null : requireIdOf('Incident', incidentId, 'filter.incidentId'),
        source: boundedList(source, 'filter.source') ?? null,
        target: target ?? null,
        status: boundedList(status, 'filter.status') ?? null,
        at: rangeOf(at),
      };
      return connectionOf(page, runPage(readScope(context), filter, page), runCursor, (row) => row);
    },
  }),
);

builder.interfaceField(IncidentState, 'burst', (t) =>
  t.field({
    type: Burst,
    nullable: true,
    description: 'The failed runs or synced errors it is about; null when it is about something else.',
    resolve: ({ state }) => burstIn(state),
  }),
);

builder.objectFields(Incident, (t) => ({
  runs: t.field({
    type: RunConnection,
    description:
      'The failed runs of its burst, and what its bulk actions came to for each target; newest first, kept for 90 days.',
    args: pageArguments(t),
    resolve: ({ state }, args, { loaders }) => {
      const page = pageOf(args);
      return connectionOf(page, loaders.runsOf(page).load(state.id), runCursor, (row) => row);
    },
  }),
  targets: t.field({
    type: RunTargetConnection,
    description: 'What the runs of its burst failed for, or what its source lists as hit, by name.',
    args: pageArguments(t),
    resolve: ({ state }, args, { loaders }) => {
      const page = pageOf(args);
      return connectionOf(page, loaders.runTargetsOf(page).load(state.id), runTargetCursor, (row) => row);
    },
  }),
}));
