import {
  escalationReasons,
  type IncidentSeverity,
  type IncidentStatus,
  severities,
  statuses,
} from '../../domain/incident/vocabulary.ts';
import { incidentStats, type IncidentStats as Source } from '../../store/read/incidentStats.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { EscalationReasonEnum, IncidentSeverityEnum, IncidentStatusEnum } from '../enums.ts';
import { durationOf } from '../scalars.ts';

const StatusCount = builder
  .objectRef<{ readonly status: IncidentStatus; readonly count: number }>('IncidentStatusCount')
  .implement({
    description: 'How many incidents have a status.',
    fields: (t) => ({
      status: t.expose('status', { type: IncidentStatusEnum, description: 'The status.' }),
      count: t.exposeInt('count', { description: 'How many.' }),
    }),
  });

const SeverityCount = builder
  .objectRef<{ readonly severity: IncidentSeverity; readonly count: number }>('IncidentSeverityCount')
  .implement({
    description: 'How many open incidents have a severity.',
    fields: (t) => ({
      severity: t.expose('severity', { type: IncidentSeverityEnum, description: 'The severity.' }),
      count: t.exposeInt('count', { description: 'How many.' }),
    }),
  });

const EscalationCount = builder.objectRef<Source['escalations24h'][number]>('EscalationCount').implement({
  description: 'How many escalations happened for one reason, after one length of time.',
  fields: (t) => ({
    reason: t.expose('reason', { type: EscalationReasonEnum, description: 'Why.' }),
    after: t.field({
      type: 'Duration',
      nullable: true,
      description: 'How long the rule waited; null when somebody asked.',
      resolve: ({ afterMinutes }) => (afterMinutes === null ? null : durationOf(afterMinutes * 60_000)),
    }),
    count: t.exposeInt('count', { description: 'How many.' }),
  }),
});

const IncidentStats = builder.objectRef<Source>('IncidentStats').implement({
  description:
    "Your organization's incidents in numbers, as of now. Drills never count, nor does an incident that became part of another: that one counts.",
  fields: (t) => ({
    open: t.exposeInt('open', { description: 'Open incidents.' }),
    unacknowledged: t.exposeInt('unacknowledged', { description: 'Open ones that nobody has.' }),
    criticalUnacknowledged: t.exposeInt('criticalUnacknowledged', {
      description: 'Open ones of SEV1 that nobody has.',
    }),
    overdue: t.exposeInt('overdue', {
      description: 'Open ones that nobody has for longer than the policy allows.',
    }),
    blockingSessions: t.exposeInt('blockingSessions', {
      description: 'Those that block sessions of other systems.',
    }),
    withoutRootCause: t.exposeInt('withoutRootCause', { description: 'Open ones without a root cause.' }),
    byStatus: t.field({
      type: [StatusCount],
      description: 'All incidents by status, every status once.',
      resolve: ({ byStatus }) =>
        statuses.map(
          (status) => byStatus.find((counted) => counted.status === status) ?? { status, count: 0 },
        ),
    }),
    bySeverity: t.field({
      type: [SeverityCount],
      description: 'Open incidents by severity, every severity once, most severe first.',
      resolve: ({ bySeverity }) =>
        severities.map(
          (severity) => bySeverity.find((counted) => counted.severity === severity) ?? { severity, count: 0 },
        ),
    }),
    escalations24h: t.field({
      type: [EscalationCount],
      description:
        'Escalations of the last 24 hours by reason and length of waiting; none that did not happen.',
      resolve: ({ escalations24h }) =>
        [...escalations24h].sort(
          (a, b) =>
            escalationReasons.indexOf(a.reason) - escalationReasons.indexOf(b.reason) ||
            (a.afterMinutes ?? 0) - (b.afterMinutes ?? 0),
        ),
    }),
  }),
});

builder.queryField('incidentStats', (t) =>
  t.field({
    type: IncidentStats,
    description:
      "Your organization's incidents in numbers, as of now. Drills never count, nor does an incident that became part of another: that one counts.",
    resolve: (_root, _args, context) => {
      authorizeRead('incidentStats', context);
      return incidentStats(readScope(context), context.clock.now());
    },
  }),
);
