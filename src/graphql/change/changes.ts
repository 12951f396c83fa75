import { changeCursor, changePage } from '../../store/read/changes.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { boundedList } from '../boundedList.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { requireIdOf } from '../globalId.ts';
import { DateTimeRange, rangeOf } from '../instantRange.ts';
import { connectionOf, pageOf } from '../page.ts';
import { forwardArguments } from '../pageArguments.ts';
import { ChangeConnection } from './change.ts';

const ChangeFilter = builder.inputType('ChangeFilter', {
  description: 'Which changes are wanted: those that match every field given; a list means any of.',
  fields: (t) => ({
    serviceId: t.id({ description: 'Of this service, by whichever of its names: its `id`.' }),
    source: t.stringList({ description: 'From any of these sources.' }),
    environment: t.stringList({ description: 'In any of these environments.' }),
    at: t.field({ type: DateTimeRange, description: 'In this stretch of time.' }),
  }),
});

builder.queryField('changes', (t) =>
  t.field({
    type: ChangeConnection,
    description: 'What changed in your organization in the last 90 days, newest first.',
    args: {
      filter: t.arg({ type: ChangeFilter, description: 'Only changes that match all of this.' }),
      ...forwardArguments(t),
    },
    resolve: (_root, args, context) => {
      authorizeRead('changes', context);
      const page = pageOf(args);
      const { serviceId, source, environment, at } = args.filter ?? {};
      const filter = {
        serviceId: serviceId == null ? null : requireIdOf('Service', serviceId, 'filter.serviceId'),
        source: boundedList(source, 'filter.source') ?? null,
        environment: boundedList(environment, 'filter.environment') ?? null,
        at: rangeOf(at),
      };
      return connectionOf(page, changePage(readScope(context), filter, page), changeCursor, (row) => row);
    },
  }),
);
