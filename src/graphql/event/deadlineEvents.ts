import { builder } from '../builder.ts';
import { SlaKindEnum } from '../enums.ts';
import { Escalation } from '../escalation/escalation.ts';
import { eventNode, eventRef } from './eventNode.ts';
import { entryOf, payloadOf } from './eventSource.ts';

/** An incident was taken further up. */
export const IncidentEscalated = builder.node(eventRef('INCIDENT_ESCALATED'), {
  ...eventNode(
    'INCIDENT_ESCALATED',
    'An incident was taken further up, by a rule or because somebody asked.',
  ),
  fields: (t) => ({
    escalation: t.field({
      type: Escalation,
      description: 'The escalation.',
      resolve: (source) => {
        const { escalationId, reason, rule, afterMinutes, level, target, note } = payloadOf(
          source,
          'INCIDENT_ESCALATED',
        );
        return { id: escalationId, reason, rule, afterMinutes, level, target, note, at: entryOf(source).at };
      },
    }),
  }),
});

builder.node(eventRef('INCIDENT_SLA_AT_RISK'), {
  ...eventNode('INCIDENT_SLA_AT_RISK', 'An SLA became at risk.'),
  fields: (t) => ({
    kind: t.field({
      type: SlaKindEnum,
      description: 'Which SLA.',
      resolve: (source) => payloadOf(source, 'INCIDENT_SLA_AT_RISK').kind,
    }),
    atRiskAt: t.field({
      type: 'DateTime',
      description: 'When it became at risk.',
      resolve: (source) => payloadOf(source, 'INCIDENT_SLA_AT_RISK').atRiskAt,
    }),
    dueAt: t.field({
      type: 'DateTime',
      description: 'Until when it must be met.',
      resolve: (source) => payloadOf(source, 'INCIDENT_SLA_AT_RISK').dueAt,
    }),
  }),
});

/** An SLA was breached. */
export const IncidentSlaBreached = builder.node(eventRef('INCIDENT_SLA_BREACHED'), {
  ...eventNode('INCIDENT_SLA_BREACHED', 'An SLA was breached.'),
  fields: (t) => ({
    kind: t.field({
      type: SlaKindEnum,
      description: 'Which SLA.',
      resolve: (source) => payloadOf(source, 'INCIDENT_SLA_BREACHED').kind,
    }),
    dueAt: t.field({
      type: 'DateTime',
      description: 'Until when it had to be met.',
      resolve: (source) => payloadOf(source, 'INCIDENT_SLA_BREACHED').dueAt,
    }),
  }),
});

builder.node(eventRef('INCIDENT_AUTO_RESOLVE_WARNED'), {
  ...eventNode('INCIDENT_AUTO_RESOLVE_WARNED', 'A warning that an incident will resolve by itself.'),
  fields: (t) => ({
    resolvesAt: t.field({
      type: 'DateTime',
      description: 'When it will, unless something happens.',
      resolve: (source) => payloadOf(source, 'INCIDENT_AUTO_RESOLVE_WARNED').resolvesAt,
    }),
  }),
});
