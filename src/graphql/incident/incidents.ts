import {
  incidentCount,
  incidentCursor,
  incidentOrderFields,
  incidentPage,
} from '../../store/read/incidentPage.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { describedEnum, OrderDirectionEnum } from '../enums.ts';
import { connectionOf, pageOf } from '../page.ts';
import { pageArguments } from '../pageArguments.ts';
import { counted, IncidentConnection } from './incidentConnection.ts';
import { filterOf, IncidentFilter } from './incidentFilter.ts';

const IncidentOrderFieldEnum = describedEnum(
  'IncidentOrderField',
  'What a list of incidents is sorted by; ties by number, in the same direction.',
  incidentOrderFields,
  {
    REPORTED_AT: 'When it was declared.',
    DETECTED_AT: 'When it was noticed.',
    SEVERITY: 'How bad it is; ascending is most severe first.',
    NUMBER: 'Its number.',
    RESOLVED_AT: 'When it was resolved; one that is not counts as later than all that are.',
  },
);

const IncidentOrder = builder.inputType('IncidentOrder', {
  description: 'How a list of incidents is sorted.',
  fields: (t) => ({
    field: t.field({ type: IncidentOrderFieldEnum, required: true, description: 'By what.' }),
    direction: t.field({ type: OrderDirectionEnum, required: true, description: 'Which end comes first.' }),
  }),
});

builder.queryField('incidents', (t) =>
  t.field({
    type: IncidentConnection,
    description: 'Incidents of your organization; the latest declared first unless `orderBy` says otherwise.',
    args: {
      filter: t.arg({ type: IncidentFilter, description: 'Only incidents that match all of this.' }),
      orderBy: t.arg({ type: IncidentOrder, description: 'How to sort. Default REPORTED_AT, DESC.' }),
      ...pageArguments(t),
    },
    resolve: async (_root, args, context) => {
      authorizeRead('incidents', context);
      const page = pageOf(args);
      const filter = filterOf(args.filter);
      const order = args.orderBy ?? ({ field: 'REPORTED_AT', direction: 'DESC' } as const);
      const now = context.clock.now();
      const read = incidentPage(readScope(context), filter, order, page, now);
      const found = await connectionOf(
        page,
        read,
        (row) => incidentCursor(order, row),
        (row) => row.record,
      );
      return counted(found, () => incidentCount(readScope(context), filter, now));
    },
  }),
);
