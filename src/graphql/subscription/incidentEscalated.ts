import type { EverySource } from '../../feed/source.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import { IncidentEscalated } from '../event/deadlineEvents.ts';
import { IncidentEventFilter } from '../event/incidentEventFilter.ts';
import { type EventsArguments, eventsAfter, incidentEventOf } from './eventsAfter.ts';
import { live } from './live.ts';

builder.subscriptionField('incidentEscalated', (t) =>
  t.field({
    type: IncidentEscalated,
    description: 'Every escalation that fits the filter, by a rule or by hand: in order, none left out.',
    args: {
      after: t.arg({
        type: 'SafeInt',
        description: 'The last sequence you have seen: everything after it, then live. Absent: from now.',
      }),
      filter: t.arg({ type: IncidentEventFilter, description: 'Which of them; all when absent.' }),
    },
    ...live<EventsArguments, EverySource>((args, context) => {
      authorizeRead('incidentEscalated', context);
      return eventsAfter(args, context, 'INCIDENT_ESCALATED');
    }),
    resolve: incidentEventOf,
  }),
);
