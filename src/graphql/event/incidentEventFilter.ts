import { builder } from '../builder.ts';
import { IncidentSeverityEnum } from '../enums.ts';
import { LedgerEventTypeEnum } from '../ledger/ledgerEventType.ts';

/** Which events of incidents are wanted, in queries and subscriptions alike. */
export const IncidentEventFilter = builder.inputType('IncidentEventFilter', {
  description: 'Which events are wanted: those that match every field given; a list means any of.',
  fields: (t) => ({
    incidentId: t.id({ description: 'Of this incident: its `id`.' }),
    types: t.field({ type: [LedgerEventTypeEnum], description: 'Of any of these types.' }),
    severity: t.field({
      type: [IncidentSeverityEnum],
      description: 'Of incidents that had any of these severities right after.',
    }),
    publicOnly: t.boolean({ description: 'Only those that are proposed for the status page.' }),
  }),
});
