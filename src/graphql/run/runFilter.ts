import type { RunStatus } from '../../domain/detection/runReport.ts';
import type { RunFilter as Filter } from '../../store/read/runs.ts';
import { boundedList } from '../boundedList.ts';
import { builder } from '../builder.ts';
import { requireIdOf } from '../globalId.ts';
import { DateTimeRange, rangeOf } from '../instantRange.ts';
import { RunStatusEnum } from './run.ts';

/** Which runs are wanted. */
export const RunFilter = builder.inputType('RunFilter', {
  description: 'Which runs are wanted: those that match every field given; a list means any of.',
  fields: (t) => ({
    incidentId: t.id({
      description: 'Of the burst of this incident, or of its bulk actions: its `id`.',
    }),
    source: t.stringList({ description: 'Of any of these sources.' }),
    target: t.string({ description: 'For this target.' }),
    status: t.field({ type: [RunStatusEnum], description: 'That ended in any of these ways.' }),
    at: t.field({ type: DateTimeRange, description: 'Ran in this stretch of time.' }),
  }),
});

/** {@link RunFilter} as a client gives it. */
export interface RunFilterArguments {
  readonly incidentId?: string | null | undefined;
  readonly source?: readonly string[] | null | undefined;
  readonly target?: string | null | undefined;
  readonly status?: readonly RunStatus[] | null | undefined;
  readonly at?: Parameters<typeof rangeOf>[0];
}

/** The filter as reads take it. @throws GraphQLError BAD_USER_INPUT */
export function runFilterOf(given: RunFilterArguments | null | undefined): Filter {
  const { incidentId, source, target, status, at } = given ?? {};
  return {
    incidentId: incidentId == null ? null : requireIdOf('Incident', incidentId, 'filter.incidentId'),
    source: boundedList(source, 'filter.source') ?? null,
    target: target ?? null,
    status: boundedList(status, 'filter.status') ?? null,
    at: rangeOf(at),
  };
}
