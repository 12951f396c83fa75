import { relatedCursor, relations } from '../../store/read/relatedIncidents.ts';
import { signalCursor } from '../../store/read/signals.ts';
import { IncidentActionConnection } from '../action/incidentAction.ts';
import { builder } from '../builder.ts';
import { Change } from '../change/change.ts';
import { describedEnum } from '../enums.ts';
import { EscalationConnection } from '../escalation/escalation.ts';
import { IncidentEventConnection, timelineConnection } from '../event/incidentEventConnection.ts';
import { LedgerEventTypeEnum, typeFilterOf } from '../ledger/ledgerEventType.ts';
import { connectionOf, pageOf } from '../page.ts';
import { forwardArguments, pageArguments } from '../pageArguments.ts';
import { Signal, SignalConnection } from '../signal/signal.ts';
import { SloViolationConnection } from '../slo/sloViolation.ts';
import { Incident } from './incident.ts';
import { counted, IncidentConnection } from './incidentConnection.ts';
import { IncidentState } from './incidentState.ts';

const RelatedByEnum = describedEnum('RelatedBy', 'What two incidents have in common.', relations, {
  CORRELATION_KEY: 'A correlation key.',
  TRACE: 'A trace that signals of both belong to; of its own signals the newest 1,000 are looked at.',
  SERVICE: 'The service, reported within 24 hours of each other.',
  MERGE: 'One became part of the other, or was split off from it.',
});

const versionCursor = (row: { readonly version: number }) => String(row.version);

builder.node(Incident, {
  description: 'An incident as it is now, with everything that happened to it.',
  interfaces: [IncidentState],
  id: { resolve: ({ state }) => state.id },
  loadMany: (ids, { loaders }) => ids.map((id) => loaders.incident.load(id)),
});

builder.objectFields(Incident, (t) => ({
  timeline: t.field({
    type: IncidentEventConnection,
    description: 'What happened to it, oldest first.',
    args: {
      ...pageArguments(t),
      types: t.arg({ type: [LedgerEventTypeEnum], description: 'Only events of any of these types.' }),
      publicOnly: t.arg.boolean({ description: 'Only what is proposed for the status page now.' }),
    },
    resolve: ({ state }, args, { loaders }) => {
      const page = pageOf(args);
      const filter = { types: typeFilterOf(args.types), publicOnly: args.publicOnly ?? false };
      return timelineConnection(page, loaders.timeline(page, filter).load(state.id));
    },
  }),
  signals: t.field({
    type: SignalConnection,
    description: 'Its signals, oldest first.',
    args: pageArguments(t),
    resolve: ({ state }, args, { loaders }) => {
      const page = pageOf(args);
      return connectionOf(page, loaders.signalsOf(page).load(state.id), signalCursor, (signal) => signal);
    },
  }),
  primarySignal: t.field({
    type: Signal,
    nullable: true,
    description: 'The signal it began with; null when it began without one.',
    resolve: ({ state: { primarySignalId } }, _args, { loaders }) =>
      primarySignalId === null ? null : loaders.signal.load(primarySignalId),
  }),
}));

builder.objectFields(Incident, (t) => ({
  actions: t.field({
    type: IncidentActionConnection,
    description: 'What was done about it, oldest first.',
    args: pageArguments(t),
    resolve: ({ state }, args, { loaders }) => {
      const page = pageOf(args);
      return connectionOf(page, loaders.actionsOf(page).load(state.id), versionCursor, (row) => row);
    },
  }),
  escalations: t.field({
    type: EscalationConnection,
    description: 'How it was taken further up, oldest first.',
    args: pageArguments(t),
    resolve: ({ state }, args, { loaders }) => {
      const page = pageOf(args);
      return connectionOf(page, loaders.escalationsOf(page).load(state.id), versionCursor, (row) => row);
    },
  }),
  sloViolations: t.field({
    type: SloViolationConnection,
    description: 'Service level objectives it violated, oldest first.',
    args: pageArguments(t),
    resolve: ({ state }, args, { loaders }) => {
      const page = pageOf(args);
      return connectionOf(page, loaders.sloViolationsOf(page).load(state.id), versionCursor, (row) => row);
    },
  }),
  recentChanges: t.field({
    type: [Change],
    description:
      'What changed in the hour before it began (`startedAt`, else `detectedAt`), newest first, at most 20: of its service and environment, or of none in particular.',
    resolve: async ({ state }, _args, { loaders }) => {
      const { serviceId, environment, startedAt, detectedAt } = state;
      return (
        (await loaders.changesBefore.load({ serviceId, environment, at: startedAt ?? detectedAt })) ?? []
      );
    },
  }),
  related: t.field({
    type: IncidentConnection,
    description: 'Other incidents that have something in common with it, newest first.',
    args: {
      by: t.arg({ type: RelatedByEnum, description: 'What they have in common. Default CORRELATION_KEY.' }),
      ...forwardArguments(t),
    },
    resolve: async ({ state }, args, { loaders }) => {
      const page = pageOf(args);
      const by = args.by ?? 'CORRELATION_KEY';
      const related = loaders.relatedTo(page, by).load(state.id);
      const found = await connectionOf(page, related, relatedCursor, (record) => record);
      return counted(found, () =>
        loaders
          .relatedCount(by)
          .load(state.id)
          .then((count) => count ?? 0),
      );
    },
  }),
}));
