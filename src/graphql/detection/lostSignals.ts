import { lossReasons } from '../../domain/detection/judgeDelivery.ts';
import { type LostSignalsRow, lostSignals, lostSignalsCursor } from '../../store/read/lostSignals.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { describedEnum } from '../enums.ts';
import { DateTimeRange, rangeOf } from '../instantRange.ts';
import { connectionOf, pageOf } from '../page.ts';
import { forwardArguments } from '../pageArguments.ts';

const LossReasonEnum = describedEnum('LossReason', 'Why a signal became part of no incident.', lossReasons, {
  DROPPED: 'A rule drops it.',
  NOT_ATTACHED: 'A rule has it only join, and there was no open incident to join.',
  SUPPRESSED: 'A maintenance window suppressed it.',
});

const LostSignals = builder.objectRef<LostSignalsRow>('LostSignals').implement({
  description:
    'Signals that became part of no incident in one hour, by what kept them from it. A signal sent again counts again; failed runs and synced incidents that were suppressed count, too.',
  fields: (t) => ({
    hour: t.expose('hour', { type: 'DateTime', description: 'When that hour began.' }),
    reason: t.expose('reason', { type: LossReasonEnum, description: 'Why.' }),
    name: t.exposeString('name', { description: 'The rule or maintenance window.' }),
    count: t.field({ type: 'SafeInt', description: 'How many.', resolve: ({ count }) => count }),
    lastAt: t.expose('lastAt', { type: 'DateTime', description: 'When the latest came.' }),
  }),
});

const LostSignalsConnection = builder.connectionObject({
  type: LostSignals,
  name: 'LostSignalsConnection',
  description: 'A page of what became part of no incident, newest hour first.',
});

builder.queryField('lostSignals', (t) =>
  t.field({
    type: LostSignalsConnection,
    description:
      'How many signals became part of no incident because a rule or a maintenance window kept them from it, by the hour, newest first. Kept for 31 days.',
    args: {
      name: t.arg.string({ description: 'Only of this rule or maintenance window.' }),
      at: t.arg({ type: DateTimeRange, description: 'Only of hours that begin in this stretch of time.' }),
      ...forwardArguments(t),
    },
    resolve: (_root, args, context) => {
      authorizeRead('lostSignals', context);
      const page = pageOf(args);
      const filter = { name: args.name ?? null, at: rangeOf(args.at) };
      const read = lostSignals(readScope(context), filter, page);
      return connectionOf(page, read, lostSignalsCursor, (row) => row);
    },
  }),
);
