import { builder } from '../builder.ts';
import { Incident } from '../incident/incident.ts';
import { incidentNow } from '../incident/incidentSnapshot.ts';
import { Signal } from '../signal/signal.ts';
import { eventNode, eventRef } from './eventNode.ts';
import { payloadOf } from './eventSource.ts';

const reason = 'Why, in the words of whoever did it.';

builder.node(eventRef('INCIDENT_MERGED'), {
  ...eventNode('INCIDENT_MERGED', 'An incident became part of another, and is cancelled itself.'),
  fields: (t) => ({
    mergedInto: t.field({
      type: Incident,
      description: 'The other, as it is now.',
      resolve: (source, _args, context) =>
        incidentNow(payloadOf(source, 'INCIDENT_MERGED').intoIncidentId, context),
    }),
    reason: t.string({
      nullable: true,
      description: reason,
      resolve: (source) => payloadOf(source, 'INCIDENT_MERGED').reason,
    }),
  }),
});

builder.node(eventRef('INCIDENT_ABSORBED'), {
  ...eventNode('INCIDENT_ABSORBED', 'Another incident became part of it.'),
  fields: (t) => ({
    mergedIncident: t.field({
      type: Incident,
      description: 'The other, as it is now.',
      resolve: (source, _args, context) =>
        incidentNow(payloadOf(source, 'INCIDENT_ABSORBED').incidentId, context),
    }),
    reason: t.string({
      nullable: true,
      description: reason,
      resolve: (source) => payloadOf(source, 'INCIDENT_ABSORBED').reason,
    }),
  }),
});

builder.node(eventRef('INCIDENT_SIGNAL_SPLIT'), {
  ...eventNode('INCIDENT_SIGNAL_SPLIT', 'A signal of it went to an incident of its own.'),
  fields: (t) => ({
    splitSignal: t.field({
      type: Signal,
      nullable: true,
      description: 'The signal as it is now.',
      resolve: (source, _args, { loaders }) =>
        loaders.signal.load(payloadOf(source, 'INCIDENT_SIGNAL_SPLIT').signalId),
    }),
    newIncident: t.field({
      type: Incident,
      description: 'The incident it went to, as it is now.',
      resolve: (source, _args, context) =>
        incidentNow(payloadOf(source, 'INCIDENT_SIGNAL_SPLIT').newIncidentId, context),
    }),
    reason: t.string({
      nullable: true,
      description: reason,
      resolve: (source) => payloadOf(source, 'INCIDENT_SIGNAL_SPLIT').reason,
    }),
  }),
});
