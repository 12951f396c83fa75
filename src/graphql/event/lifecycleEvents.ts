import { builder } from '../builder.ts';
import { IncidentModeEnum, IncidentSeverityEnum, RootCauseCategoryEnum } from '../enums.ts';
import { eventNode, eventRef } from './eventNode.ts';
import { payloadOf } from './eventSource.ts';

/* A field of the same name has the same type and nullability in every event, so that one query may ask for all. */

const reason = 'Why, in the words of whoever did it.';

builder.node(eventRef('INCIDENT_CREATED'), {
  ...eventNode('INCIDENT_CREATED', 'An incident was declared.'),
  fields: (t) => ({
    title: t.string({
      description: 'What is wrong, in a line.',
      resolve: (source) => payloadOf(source, 'INCIDENT_CREATED').title,
    }),
    severity: t.field({
      type: IncidentSeverityEnum,
      description: 'How bad it was declared to be.',
      resolve: (source) => payloadOf(source, 'INCIDENT_CREATED').severity,
    }),
    mode: t.field({
      type: IncidentModeEnum,
      description: 'Whether it is real or a drill.',
      resolve: (source) => payloadOf(source, 'INCIDENT_CREATED').mode,
    }),
    source: t.string({
      description: 'Where it came from.',
      resolve: (source) => payloadOf(source, 'INCIDENT_CREATED').source,
    }),
  }),
});

builder.node(eventRef('INCIDENT_ACKNOWLEDGED'), {
  ...eventNode('INCIDENT_ACKNOWLEDGED', 'Somebody took an incident.'),
  fields: (t) => ({
    note: t.string({
      nullable: true,
      description: 'What they said about it.',
      resolve: (source) => payloadOf(source, 'INCIDENT_ACKNOWLEDGED').note,
    }),
    severity: t.field({
      type: IncidentSeverityEnum,
      description: 'The severity at that moment.',
      resolve: (source) => payloadOf(source, 'INCIDENT_ACKNOWLEDGED').severity,
    }),
  }),
});

builder.node(eventRef('INCIDENT_UNACKNOWLEDGED'), {
  ...eventNode('INCIDENT_UNACKNOWLEDGED', 'Whoever had taken an incident gave it back.'),
  fields: (t) => ({
    reason: t.string({
      nullable: true,
      description: reason,
      resolve: (source) => payloadOf(source, 'INCIDENT_UNACKNOWLEDGED').reason,
    }),
  }),
});

builder.node(eventRef('INCIDENT_SNOOZED'), {
  ...eventNode(
    'INCIDENT_SNOOZED',
    'Escalations for want of an acknowledgement wait for a while, or a snooze was ended.',
  ),
  fields: (t) => ({
    until: t.field({
      type: 'DateTime',
      description: 'Until when they wait; not after `at` when a snooze was ended.',
      resolve: (source) => payloadOf(source, 'INCIDENT_SNOOZED').until,
    }),
    reason: t.string({
      nullable: true,
      description: reason,
      resolve: (source) => payloadOf(source, 'INCIDENT_SNOOZED').reason,
    }),
  }),
});

builder.node(eventRef('INCIDENT_STATUS_CHANGED'), {
  ...eventNode('INCIDENT_STATUS_CHANGED', 'The status changed: see `statusBefore` and `statusAfter`.'),
  fields: (t) => ({
    comment: t.string({
      nullable: true,
      description: 'What was said with it.',
      resolve: (source) => payloadOf(source, 'INCIDENT_STATUS_CHANGED').message,
    }),
  }),
});

builder.node(eventRef('INCIDENT_SEVERITY_CHANGED'), {
  ...eventNode('INCIDENT_SEVERITY_CHANGED', 'The severity was raised or lowered.'),
  fields: (t) => ({
    severityBefore: t.field({
      type: IncidentSeverityEnum,
      description: 'The severity right before it.',
      resolve: (source) => payloadOf(source, 'INCIDENT_SEVERITY_CHANGED').from,
    }),
    severityAfter: t.field({
      type: IncidentSeverityEnum,
      description: 'The severity right after it.',
      resolve: (source) => payloadOf(source, 'INCIDENT_SEVERITY_CHANGED').to,
    }),
    reason: t.string({
      nullable: true,
      description: reason,
      resolve: (source) => payloadOf(source, 'INCIDENT_SEVERITY_CHANGED').reason,
    }),
  }),
});

builder.node(eventRef('INCIDENT_ROOT_CAUSE_RECORDED'), {
  ...eventNode('INCIDENT_ROOT_CAUSE_RECORDED', 'A root cause was recorded; it supersedes an earlier one.'),
  fields: (t) => ({
    summary: t.string({
      description: 'What was said, in short.',
      resolve: (source) => payloadOf(source, 'INCIDENT_ROOT_CAUSE_RECORDED').summary,
    }),
    category: t.field({
      type: RootCauseCategoryEnum,
      description: 'What kind of cause.',
      resolve: (source) => payloadOf(source, 'INCIDENT_ROOT_CAUSE_RECORDED').category,
    }),
    remediationSteps: t.string({
      description: 'What was or will be done about it.',
      resolve: (source) => payloadOf(source, 'INCIDENT_ROOT_CAUSE_RECORDED').remediationSteps,
    }),
  }),
});

builder.node(eventRef('INCIDENT_ROOT_CAUSE_VERIFIED'), {
  ...eventNode('INCIDENT_ROOT_CAUSE_VERIFIED', 'The root cause was verified.'),
  fields: (t) => ({
    notes: t.string({
      nullable: true,
      description: 'What else was said.',
      resolve: (source) => payloadOf(source, 'INCIDENT_ROOT_CAUSE_VERIFIED').notes,
    }),
  }),
});

builder.node(eventRef('INCIDENT_RESOLVED'), {
  ...eventNode('INCIDENT_RESOLVED', 'An incident was resolved, by a person or by itself.'),
  fields: (t) => ({
    summary: t.string({
      description: 'What was said, in short.',
      resolve: (source) => payloadOf(source, 'INCIDENT_RESOLVED').summary,
    }),
    notes: t.string({
      nullable: true,
      description: 'What else was said.',
      resolve: (source) => payloadOf(source, 'INCIDENT_RESOLVED').notes,
    }),
    automatic: t.boolean({
      description: 'True when the system or an integration resolved it.',
      resolve: (source) => payloadOf(source, 'INCIDENT_RESOLVED').automatic,
    }),
    because: t.string({
      nullable: true,
      description: 'Why it resolved by itself: STALE, CLEARED, SILENCE or SYNCED; null when a person did it.',
      resolve: (source) => payloadOf(source, 'INCIDENT_RESOLVED').because,
    }),
  }),
});

builder.node(eventRef('INCIDENT_CLOSED'), {
  ...eventNode('INCIDENT_CLOSED', 'An incident was closed, with what was learned.'),
  fields: (t) => ({
    lessonsLearned: t.string({
      nullable: true,
      description: 'What was learned, when it was said now.',
      resolve: (source) => payloadOf(source, 'INCIDENT_CLOSED').lessonsLearned,
    }),
    noFollowUpsBecause: t.string({
      nullable: true,
      description: 'Why there is nothing left to do, when there is not.',
      resolve: (source) => payloadOf(source, 'INCIDENT_CLOSED').noFollowUpsBecause,
    }),
  }),
});

builder.node(eventRef('INCIDENT_CANCELLED'), {
  ...eventNode('INCIDENT_CANCELLED', 'An incident was cancelled: it was none.'),
  fields: (t) => ({
    reason: t.string({
      nullable: true,
      description: reason,
      resolve: (source) => payloadOf(source, 'INCIDENT_CANCELLED').reason,
    }),
  }),
});

builder.node(eventRef('INCIDENT_REOPENED'), {
  ...eventNode('INCIDENT_REOPENED', 'A resolved incident was reopened.'),
  fields: (t) => ({
    reason: t.string({
      nullable: true,
      description: reason,
      resolve: (source) => payloadOf(source, 'INCIDENT_REOPENED').reason,
    }),
  }),
});
