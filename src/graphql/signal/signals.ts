import { signalCursor, signalPage } from '../../store/read/signals.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { boundedList } from '../boundedList.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { SignalTypeEnum } from '../enums.ts';
import { requireIdOf } from '../globalId.ts';
import { DateTimeRange, rangeOf } from '../instantRange.ts';
import { connectionOf, pageOf } from '../page.ts';
import { forwardArguments } from '../pageArguments.ts';
import { SignalConnection } from './signal.ts';

const SignalFilter = builder.inputType('SignalFilter', {
  description: 'Which signals are wanted: those that match every field given; a list means any of.',
  fields: (t) => ({
    incidentId: t.id({ description: 'Of this incident: its `id`.' }),
    type: t.field({ type: [SignalTypeEnum], description: 'Of any of these kinds.' }),
    source: t.stringList({ description: 'From any of these sources.' }),
    correlationKey: t.string({ description: 'With this correlation key.' }),
    traceId: t.string({ description: 'Of this trace.' }),
    cleared: t.boolean({ description: 'Whether its source said it was over.' }),
    at: t.field({ type: DateTimeRange, description: 'Observed in this stretch of time.' }),
  }),
});

builder.queryField('signals', (t) =>
  t.field({
    type: SignalConnection,
    description: 'Signals of your organization, newest first.',
    args: {
      filter: t.arg({ type: SignalFilter, description: 'Only signals that match all of this.' }),
      ...forwardArguments(t),
    },
    resolve: (_root, args, context) => {
      authorizeRead('signals', context);
      const page = pageOf(args);
      const { incidentId, type, source, correlationKey, traceId, cleared, at } = args.filter ?? {};
      const filter = {
        incidentId: incidentId == null ? null : requireIdOf('Incident', incidentId, 'filter.incidentId'),
        type: boundedList(type, 'filter.type') ?? null,
        source: boundedList(source, 'filter.source') ?? null,
        correlationKey: correlationKey ?? null,
        traceId: traceId ?? null,
        cleared: cleared ?? null,
        at: rangeOf(at),
      };
      return connectionOf(page, signalPage(readScope(context), filter, page), signalCursor, (row) => row);
    },
  }),
);
