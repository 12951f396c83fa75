import { incidentEvents } from '../../store/read/ledgerEvents.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { boundedList } from '../boundedList.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { requireIdOf } from '../globalId.ts';
import { typeFilterOf } from '../ledger/ledgerEventType.ts';
import { connectionOf, pageOf, sequenceOf } from '../page.ts';
import { IncidentEventConnection } from './incidentEventConnection.ts';
import { IncidentEventFilter } from './incidentEventFilter.ts';

builder.queryField('incidentEvents', (t) =>
  t.field({
    type: IncidentEventConnection,
    description: 'The incidents ledger, oldest first; dense without a filter.',
    args: {
      filter: t.arg({ type: IncidentEventFilter, description: 'Only events that match all of this.' }),
      afterSequence: t.arg({ type: 'SafeInt', description: 'Only entries after this sequence.' }),
      first: t.arg.int({ description: 'How many, 0–100. Default 25.' }),
    },
    resolve: (_root, args, context) => {
      authorizeRead('incidentEvents', context);
      const after = sequenceOf(args.afterSequence);
      const page = { ...pageOf({ first: args.first }), after: after === 0 ? null : String(after) };
      const { incidentId, types, severity, publicOnly } = args.filter ?? {};
      const filter = {
        incidentId: incidentId == null ? null : requireIdOf('Incident', incidentId, 'filter.incidentId'),
        types: typeFilterOf(boundedList(types, 'filter.types')),
        severity: boundedList(severity, 'filter.severity') ?? null,
        publicOnly: publicOnly ?? false,
      };
      const read = incidentEvents(readScope(context), filter, after, page.size);
      return connectionOf(
        page,
        read,
        ({ entry }) => String(entry.sequence),
        (shown) => shown,
      );
    },
  }),
);
