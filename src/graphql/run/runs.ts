import { runCursor, runPage, runsHead } from '../../store/read/runs.ts';
import { runTargetCursor } from '../../store/read/runTargets.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { Incident } from '../incident/incident.ts';
import { IncidentState } from '../incident/incidentState.ts';
import { connectionOf, pageOf } from '../page.ts';
import { forwardArguments, pageArguments } from '../pageArguments.ts';
import { Burst, burstIn } from './burst.ts';
import { RunConnection, RunTargetConnection } from './run.ts';
import { RunFilter, runFilterOf } from './runFilter.ts';

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
      const filter = runFilterOf(args.filter);
      return connectionOf(page, runPage(readScope(context), filter, page), runCursor, (row) => row);
    },
  }),
);

builder.queryField('runsHead', (t) =>
  t.field({
    type: 'SafeInt',
    description:
      'The `sequence` that a run of your organization was given last; 0 when there was none. To miss nothing, read it first, then `runs`, and subscribe to `runsReported` with it as `after`.',
    resolve: (_root, _args, context) => {
      authorizeRead('runsHead', context);
      return runsHead(readScope(context));
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
