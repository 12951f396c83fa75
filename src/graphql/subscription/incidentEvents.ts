import type { EverySource } from '../../feed/source.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import { IncidentEvent } from '../event/incidentEvent.ts';
import { IncidentEventFilter } from '../event/incidentEventFilter.ts';
import { type EventsArguments, eventsAfter, incidentEventOf } from './eventsAfter.ts';
import { live } from './live.ts';

builder.subscriptionField('incidentEvents', (t) =>
  t.field({
    type: IncidentEvent,
    description:
      'Every event of the incidents ledger that fits the filter: in order, each exactly once, none left out. After an interruption, pass the last `sequence` you saw as `after`.',
    args: {
      after: t.arg({
        type: 'SafeInt',
        description:
          'The last sequence you have seen: everything after it, then live. Absent: from now. One past the end is refused with CURSOR_BEYOND_HEAD.',
      }),
      filter: t.arg({ type: IncidentEventFilter, description: 'Which events; all when absent.' }),
    },
    ...live<EventsArguments, EverySource>((args, context): Promise<EverySource> => {
      authorizeRead('incidentEvents', context);
      return eventsAfter(args, context);
    }),
    resolve: incidentEventOf,
  }),
);
