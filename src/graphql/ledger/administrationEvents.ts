import { administrationEvents } from '../../store/read/ledgerEvents.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { connectionOf, pageOf, sequenceOf } from '../page.ts';
import { AdministrationEventConnection } from './administrationEvent.ts';
import { LedgerEventTypeEnum, typeFilterOf } from './ledgerEventType.ts';

builder.queryField('administrationEvents', (t) =>
  t.field({
    type: AdministrationEventConnection,
    description: 'The administration ledger, oldest first. For administrators.',
    args: {
      types: t.arg({ type: [LedgerEventTypeEnum], description: 'Only events of any of these types.' }),
      afterSequence: t.arg({ type: 'SafeInt', description: 'Only entries after this sequence.' }),
      first: t.arg.int({ description: 'How many, 0–100. Default 25.' }),
    },
    resolve: (_root, args, context) => {
      authorizeRead('administrationEvents', context);
      const after = sequenceOf(args.afterSequence);
      const page = { ...pageOf({ first: args.first }), after: after === 0 ? null : String(after) };
      const read = administrationEvents(readScope(context), typeFilterOf(args.types), after, page.size);
      return connectionOf(
        page,
        read,
        ({ sequence }) => String(sequence),
        (entry) => entry,
      );
    },
  }),
);
