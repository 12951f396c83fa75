import type { IncidentEventType } from '../../domain/incident/events.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { entryOf, eventTypeName, type IncidentEventSource, typeNameOf } from './eventSource.ts';
import { IncidentEvent } from './incidentEvent.ts';
import { LedgerEvent } from './ledgerEvent.ts';

/** What is inside an event's id: its ledger's letter and its sequence. */
export const eventIdPattern = /^([IA]):([1-9]\d{0,14})$/;

/** The type of one kind of event, yet without fields of its own: pass {@link eventNode} to `builder.node` with it. */
export function eventRef(type: IncidentEventType) {
  return builder.objectRef<IncidentEventSource>(typeNameOf(type));
}

/** What every type of event shares: its interfaces, its id and how it is read by it. */
export function eventNode(type: IncidentEventType, description: string) {
  return nodeOf(typeNameOf(type), description);
}

/** The same, of the GraphQL type itself. */
export function nodeOf(typeName: string, description: string) {
  return {
    description,
    interfaces: [IncidentEvent, LedgerEvent] as [typeof IncidentEvent, typeof LedgerEvent],
    id: { resolve: (source: IncidentEventSource) => `I:${entryOf(source).sequence}` },
    loadMany: (ids: string[], { loaders }: GraphQLContext) =>
      ids.map(async (id) => {
        const [, ledger, sequence] = eventIdPattern.exec(id) ?? [];
        if (ledger !== 'I') return null;
        const shown = await loaders.incidentEvent.load(Number(sequence));
        return shown !== null && eventTypeName(shown) === typeName ? shown : null;
      }),
  };
}
