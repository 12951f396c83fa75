import { builder } from '../builder.ts';
import { IncidentRoleEnum, IncidentSeverityEnum } from '../enums.ts';
import { idOf } from '../globalId.ts';
import { policyMutation } from '../mutation/policyMutation.ts';
import { DetectionOutcomeEnum } from './detectionRule.ts';

const LabelConditionInput = builder.inputType('LabelConditionInput', {
  description: 'A label that a signal must have.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Its name, 1–200 characters.' }),
    pattern: t.string({
      required: true,
      description:
        'What its value must be, compared without case; `*` stands for any text. 1–200 characters.',
    }),
  }),
});

const RoleOfRuleInput = builder.inputType('RoleOfRuleInput', {
  description: 'A role that somebody gets on what a rule declares.',
  fields: (t) => ({
    role: t.field({ type: IncidentRoleEnum, required: true, description: 'The role.' }),
    userId: t.id({ required: true, description: 'Who gets it: a member. Once they are none, nobody does.' }),
  }),
});

const patterns = (what: string) =>
  `The ${what} is like one of these, compared without case; \`*\` stands for any text. At most 20. Absent: any.`;

const DetectionRuleInput = builder.inputType('DetectionRuleInput', {
  description:
    'What is to become of certain signals that have no incident yet. All conditions given must be met.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Its name, 1–80 characters, unique in the policy.' }),
    sources: t.stringList({ description: patterns('source') }),
    services: t.stringList({ description: patterns('service') }),
    environments: t.stringList({ description: patterns('environment') }),
    severities: t.field({
      type: [IncidentSeverityEnum],
      description: 'The severity is one of these. Absent: any.',
    }),
    labels: t.field({
      type: [LabelConditionInput],
      description:
        'It has all of these labels: in `labels`, `custom_details`, `details`, `tags` or the `Dimensions` of a CloudWatch alarm. At most 20.',
    }),
    text: t.stringList({
      description: 'Title, summary or description hold one of these, compared without case. At most 20.',
    }),
    outcome: t.field({
      type: DetectionOutcomeEnum,
      required: true,
      description: 'What becomes of the signal.',
    }),
    severity: t.field({
      type: IncidentSeverityEnum,
      description: 'How severe it is then, also where it joins. Absent: as severe as it says.',
    }),
    title: t.string({
      description:
        'The title it declares with: {title}, {summary}, {source}, {service}, {environment}, {severity} and {label:NAME} stand for what it says. Absent: its own.',
    }),
    tags: t.stringList({ description: 'Tags of what it declares, beside its own; at most 20.' }),
    roles: t.field({ type: [RoleOfRuleInput], description: 'Who gets which role on what it declares.' }),
  }),
});

policyMutation('setDetectionRules', {
  description:
    'Replaces the rules of detection: what becomes of signals that have no incident yet. They are tried in this order, the first that matches wins, and a signal that none matches declares as it is. Try them with `previewRules`.',
  fields: (t) => ({
    rules: t.field({
      type: [DetectionRuleInput],
      required: true,
      description:
        'Every rule there is to be, in order; at most 100, and 60,000 characters as JSON with the rest of the policy.',
    }),
  }),
  command: ({ rules }) => ({
    rules: rules.map((rule) => ({
      ...rule,
      // An id of another kind is nobody's.
      roles: (rule.roles ?? []).map(({ role, userId }) => ({ role, userId: idOf('User', userId) ?? '' })),
    })),
  }),
});
