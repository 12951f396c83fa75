import type { EverySource } from '../../feed/source.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import { IncidentSlaBreached } from '../event/deadlineEvents.ts';
import { IncidentEventFilter } from '../event/incidentEventFilter.ts';
import { type EventsArguments, eventsAfter, incidentEventOf } from './eventsAfter.ts';
import { live } from './live.ts';

builder.subscriptionField('slaBreached', (t) =>
  t.field({
    type: IncidentSlaBreached,
    description: 'Every breach of an SLA that fits the filter: in order, none left out.',
    args: {
      after: t.arg({
        type: 'SafeInt',
        description: 'The last sequence you have seen: everything after it, then live. Absent: from now.',
      }),
      filter: t.arg({ type: IncidentEventFilter, description: 'Which of them; all when absent.' }),
    },
    ...live<EventsArguments, EverySource>((args, context) => {
      authorizeRead('slaBreached', context);
      return eventsAfter(args, context, 'INCIDENT_SLA_BREACHED');
    }),
    resolve: incidentEventOf,
  }),
);
