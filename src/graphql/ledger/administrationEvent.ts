import type { AdministrationEntry } from '../../domain/ledger/ledger.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import { eventIdPattern } from '../event/eventNode.ts';
import { LedgerEvent } from '../event/ledgerEvent.ts';

/** An entry of the administration ledger. */
export const AdministrationEvent = builder.node(
  builder.objectRef<AdministrationEntry>('AdministrationEvent'),
  {
    description: 'Something that happened to policies, members, keys or the session gate.',
    interfaces: [LedgerEvent],
    id: { resolve: ({ sequence }) => `A:${sequence}` },
    loadMany: (ids, context) => {
      authorizeRead('administrationEvents', context);
      return ids.map((id) => {
        const [, ledger, sequence] = eventIdPattern.exec(id) ?? [];
        return ledger === 'A' ? context.loaders.administrationEvent.load(Number(sequence)) : null;
      });
    },
  },
);

/** A page of the administration ledger. */
export const AdministrationEventConnection = builder.connectionObject({
  type: AdministrationEvent,
  name: 'AdministrationEventConnection',
  description: 'A page of the administration ledger, oldest first.',
});
