import { defaultSloPeriodDays } from '../../domain/incident/burnRate.ts';
import type { SignalRow } from '../../store/read/signals.ts';
import { IncidentAction } from '../action/incidentAction.ts';
import { builder } from '../builder.ts';
import { Burst } from '../run/burst.ts';
import { Signal } from '../signal/signal.ts';
import { SloViolation } from '../slo/sloViolation.ts';
import { SyncedIncident } from '../sync/syncedIncident.ts';
import { eventNode, eventRef } from './eventNode.ts';
import { entryOf, type IncidentEventSource, payloadOf } from './eventSource.ts';

/** The signal as its event has it, for the moment its row cannot be read yet. */
function signalFrom(source: IncidentEventSource): SignalRow {
  const { signalId, signalType, observedAt, ...rest } = payloadOf(source, 'INCIDENT_SIGNAL_INGESTED');
  const { incidentId } = entryOf(source);
  return {
    ...rest,
    id: signalId,
    incidentId,
    type: signalType,
    at: observedAt,
    clearedAt: null,
    count: 1,
    lastSeenAt: observedAt,
  };
}

builder.node(eventRef('INCIDENT_SIGNAL_INGESTED'), {
  ...eventNode('INCIDENT_SIGNAL_INGESTED', 'A signal was attached.'),
  fields: (t) => ({
    signal: t.field({
      type: Signal,
      description: 'The signal as it is now.',
      resolve: async (source, _args, { loaders }) =>
        (await loaders.signal.load(payloadOf(source, 'INCIDENT_SIGNAL_INGESTED').signalId)) ??
        signalFrom(source),
    }),
  }),
});

builder.node(eventRef('INCIDENT_SIGNAL_CLEARED'), {
  ...eventNode('INCIDENT_SIGNAL_CLEARED', 'A signal stopped firing.'),
  fields: (t) => ({
    clearedSignal: t.field({
      type: Signal,
      nullable: true,
      description: 'The signal as it is now.',
      resolve: (source, _args, { loaders }) =>
        loaders.signal.load(payloadOf(source, 'INCIDENT_SIGNAL_CLEARED').signalId),
    }),
    clearedAt: t.field({
      type: 'DateTime',
      description: 'When its source said it was over.',
      resolve: (source) => payloadOf(source, 'INCIDENT_SIGNAL_CLEARED').clearedAt,
    }),
  }),
});

builder.node(eventRef('INCIDENT_PLAYBOOK_ACTION_EXECUTED'), {
  ...eventNode('INCIDENT_PLAYBOOK_ACTION_EXECUTED', 'An action was taken.'),
  fields: (t) => ({
    action: t.field({
      type: IncidentAction,
      description: 'What was done.',
      resolve: (source) => {
        const { event, at } = entryOf(source);
        const { actionId, ...action } = payloadOf(source, 'INCIDENT_PLAYBOOK_ACTION_EXECUTED');
        return { ...action, id: actionId, actor: event.actor, at };
      },
    }),
  }),
});

builder.node(eventRef('INCIDENT_BURST_GREW'), {
  ...eventNode('INCIDENT_BURST_GREW', 'Runs failed that are of its burst.'),
  fields: (t) => ({
    burst: t.field({
      type: Burst,
      description: 'The burst right after.',
      resolve: (source) => payloadOf(source, 'INCIDENT_BURST_GREW'),
    }),
    addedErrors: t.int({
      description: 'How many runs failed.',
      resolve: (source) => payloadOf(source, 'INCIDENT_BURST_GREW').addedErrors,
    }),
    addedTargets: t.int({
      description: 'How many targets it did not have before.',
      resolve: (source) => payloadOf(source, 'INCIDENT_BURST_GREW').addedTargets,
    }),
  }),
});

builder.node(eventRef('INCIDENT_SYNCED'), {
  ...eventNode('INCIDENT_SYNCED', 'The system that syncs it has something new of it.'),
  fields: (t) => ({
    synced: t.field({
      type: SyncedIncident,
      description: 'What it has of it from then on.',
      resolve: (source) => payloadOf(source, 'INCIDENT_SYNCED'),
    }),
    changed: t.stringList({
      description: 'Which fields of that are new, and `targets` when others are listed; none the first time.',
      resolve: (source) =>
        payloadOf(source, 'INCIDENT_SYNCED').changed.map((field) =>
          field === 'targetsDigest' ? 'targets' : field,
        ),
    }),
  }),
});

builder.node(eventRef('INCIDENT_SLO_VIOLATION_RECORDED'), {
  ...eventNode('INCIDENT_SLO_VIOLATION_RECORDED', 'A violated service level objective was recorded.'),
  fields: (t) => ({
    violation: t.field({
      type: SloViolation,
      description: 'The violation.',
      resolve: (source) => {
        const { incidentId, version, at } = entryOf(source);
        const { violationId, periodDays, ...violation } = payloadOf(
          source,
          'INCIDENT_SLO_VIOLATION_RECORDED',
        );
        return {
          ...violation,
          periodDays: periodDays ?? defaultSloPeriodDays,
          id: violationId,
          incidentId,
          version,
          at,
        };
      },
    }),
  }),
});
