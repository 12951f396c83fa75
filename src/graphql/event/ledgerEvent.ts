import { ActorType } from '../actor/actor.ts';
import { builder } from '../builder.ts';
import { LedgerEventTypeEnum, shownType } from '../ledger/ledgerEventType.ts';
import { entryOf, eventTypeName, type LedgerEventSource } from './eventSource.ts';
import { messageOf } from './messageOf.ts';

/** An entry of a ledger, whichever. */
export const LedgerEvent = builder.interfaceRef<LedgerEventSource>('LedgerEvent').implement({
  description: 'An entry of a ledger: something that happened, chained to the entry before it.',
  interfaces: [builder.nodeInterfaceRef()],
  resolveType: eventTypeName,
  fields: (t) => ({
    sequence: t.field({
      type: 'SafeInt',
      description: 'Its place in its ledger: 1, 2, 3 … without a gap.',
      resolve: (source) => entryOf(source).sequence,
    }),
    type: t.field({
      type: LedgerEventTypeEnum,
      description: 'What happened.',
      resolve: (source) => shownType(entryOf(source).type),
    }),
    typeName: t.string({
      description: 'Its type as the ledger has it: what `type` says, unless that is UNKNOWN.',
      resolve: (source) => entryOf(source).type,
    }),
    at: t.field({ type: 'DateTime', description: 'When.', resolve: (source) => entryOf(source).at }),
    actor: t.field({
      type: ActorType,
      description: 'Who did it.',
      resolve: (source) => entryOf(source).event.actor,
    }),
    message: t.string({
      description: 'What happened, in a sentence for a person.',
      resolve: (source, _args, context) => messageOf(source, context),
    }),
    payload: t.field({
      type: 'JSON',
      description: 'What happened, as data: ids, not names.',
      resolve: (source) => entryOf(source).event.payload,
    }),
    body: t.string({
      description: 'The exact text that `hash` covers.',
      resolve: (source) => entryOf(source).body,
    }),
    hash: t.string({
      description: 'SHA-256 over its place, `previousHash` and `body`; 64 hexadecimal digits.',
      resolve: (source) => entryOf(source).hash,
    }),
    previousHash: t.string({
      description: '`hash` of the entry before it; 64 zeros for the first.',
      resolve: (source) => entryOf(source).previousHash,
    }),
  }),
});
