import type { FeedEntry } from '../../feed/entry.ts';
import type { EverySource } from '../../feed/source.ts';
import type { RunFilter as Filter, RunRow } from '../../store/read/runs.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { badUserInput } from '../badUserInput.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { incidentIdHere } from '../subscription/eventsAfter.ts';
import { live } from '../subscription/live.ts';
import { Run } from './run.ts';
import { RunFilter, type RunFilterArguments, runFilterOf } from './runFilter.ts';

interface Arguments {
  readonly after?: number | null | undefined;
  readonly filter?: RunFilterArguments | null | undefined;
}

/**
 * The runs that fit the filter, from the cursor on, each once and in order of commit. Refused before the stream begins.
 * @throws GraphQLError FORBIDDEN, BAD_USER_INPUT or NOT_FOUND.
 */
async function runsAfter({ after, filter }: Arguments, context: GraphQLContext): Promise<EverySource> {
  authorizeRead('runsReported', context);
  if (after != null && after < 0) throw badUserInput('after must be a sequence, 0 or more.');
  const wanted = runFilterOf(filter);
  if (filter?.incidentId != null) await incidentIdHere(filter.incidentId, context);
  const match = ({ entry }: FeedEntry): boolean =>
    entry.ledger === 'RUNS' && entry.run !== null && isWanted(wanted, entry.run);
  return { mode: 'every', ledger: 'RUNS', after: after ?? null, match, bare: true };
}

function isWanted({ incidentId, source, target, status, at }: Filter, run: RunRow): boolean {
  return (
    (incidentId === null || run.incidentId === incidentId) &&
    (source === null || source.includes(run.source)) &&
    (target === null || run.target === target) &&
    (status === null || status.includes(run.status)) &&
    (at?.from == null || run.at >= at.from) &&
    (at?.until == null || run.at < at.until)
  );
}

builder.subscriptionField('runsReported', (t) =>
  t.field({
    type: Run,
    description:
      'Every run that fits the filter, the moment it is kept: whatever it came to, however late it was reported, and what bulk actions came to for each target. In the order they were kept, each once, none left out. After an interruption, pass the last `sequence` you saw as `after`. A run never changes once it is kept.',
    args: {
      after: t.arg({
        type: 'SafeInt',
        description:
          'The last `sequence` you have seen: everything kept after it, then live. Absent: from now. Runs that are no longer kept are not told. One past the end is refused with CURSOR_BEYOND_HEAD.',
      }),
      filter: t.arg({ type: RunFilter, description: 'Only runs that match all of this.' }),
    },
    ...live<Arguments, EverySource>(runsAfter),
    resolve: ({ entry }) => {
      if (entry.ledger !== 'RUNS' || entry.run === null) throw new Error('What came with runs is none.');
      return entry.run;
    },
  }),
);
