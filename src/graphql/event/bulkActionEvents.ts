import { builder } from '../builder.ts';
import { BulkAction } from '../bulkAction/bulkAction.ts';
import { eventNode, eventRef } from './eventNode.ts';
import { payloadOf } from './eventSource.ts';

for (const [type, description] of [
  ['INCIDENT_BULK_ACTION_STARTED', 'An action on many targets began.'],
  ['INCIDENT_BULK_ACTION_CANCELLED', 'A bulk action begins no further target.'],
] as const) {
  builder.node(eventRef(type), {
    ...eventNode(type, description),
    fields: (t) => ({
      bulkAction: t.field({
        type: BulkAction,
        nullable: true,
        description: 'The bulk action as it is now.',
        resolve: (source, _args, { loaders }) =>
          loaders.bulkAction.load(payloadOf(source, type).bulkActionId),
      }),
    }),
  });
}

builder.node(eventRef('INCIDENT_BULK_ACTION_FINISHED'), {
  ...eventNode('INCIDENT_BULK_ACTION_FINISHED', 'All targets of a bulk action are over.'),
  fields: (t) => ({
    bulkAction: t.field({
      type: BulkAction,
      nullable: true,
      description: 'The bulk action.',
      resolve: (source, _args, { loaders }) =>
        loaders.bulkAction.load(payloadOf(source, 'INCIDENT_BULK_ACTION_FINISHED').bulkActionId),
    }),
    succeededCount: t.int({
      description: 'How many targets succeeded.',
      resolve: (source) => payloadOf(source, 'INCIDENT_BULK_ACTION_FINISHED').succeeded,
    }),
    failedCount: t.int({
      description: 'How many failed.',
      resolve: (source) => payloadOf(source, 'INCIDENT_BULK_ACTION_FINISHED').failed,
    }),
    cancelledCount: t.int({
      description: 'How many were not begun, because it was cancelled.',
      resolve: (source) => payloadOf(source, 'INCIDENT_BULK_ACTION_FINISHED').cancelled,
    }),
  }),
});
