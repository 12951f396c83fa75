import { builder } from '../builder.ts';
import { IncidentStatusEnum } from '../enums.ts';
import { Incident } from '../incident/incident.ts';
import { IncidentSnapshot, incidentNow, snapshotOf } from '../incident/incidentSnapshot.ts';
import { entryOf, eventTypeName, type IncidentEventSource } from './eventSource.ts';
import { LedgerEvent } from './ledgerEvent.ts';

/** An entry of the incidents ledger, whatever its type. */
export const IncidentEvent = builder.interfaceRef<IncidentEventSource>('IncidentEvent').implement({
  description: 'Something that happened to an incident. Each kind of event is a type of its own.',
  interfaces: [LedgerEvent, builder.nodeInterfaceRef()],
  resolveType: eventTypeName,
  fields: (t) => ({
    version: t.int({
      description: "The incident's version right after it: 1, 2, 3 … without a gap.",
      resolve: (source) => entryOf(source).version,
    }),
    isPublic: t.boolean({
      description:
        'Whether it is proposed for the status page: in a timeline or query as it is now, in a subscription or a mutation as it was recorded.',
      resolve: (source) => ('entry' in source ? source.isPublic : undefined) ?? entryOf(source).isPublic,
    }),
    statusBefore: t.field({
      type: IncidentStatusEnum,
      nullable: true,
      description: 'The status right before it; null when it declared the incident.',
      resolve: (source) => entryOf(source).event.statusBefore,
    }),
    statusAfter: t.field({
      type: IncidentStatusEnum,
      description: 'The status right after it.',
      resolve: (source) => entryOf(source).event.statusAfter,
    }),
    incident: t.field({
      type: Incident,
      description: 'The incident as it is now.',
      resolve: (source, _args, context) => incidentNow(entryOf(source).incidentId, context),
    }),
    snapshot: t.field({
      type: IncidentSnapshot,
      description: 'The incident as it was right after this event.',
      resolve: async (source, _args, { loaders }) => {
        if ('entry' in source && source.after) return snapshotOf(source.after);
        const { incidentId, version } = entryOf(source);
        const record = await loaders.stateAt.load({ incidentId, version });
        if (record === null) throw new Error(`Version ${version} of incident ${incidentId} is missing.`);
        return snapshotOf(record);
      },
    }),
  }),
});
