import {
  detectionOutcomes,
  type LabelCondition as LabelSource,
  type DetectionRule as RuleSource,
} from '../../domain/detection/detectionRule.ts';
import { builder } from '../builder.ts';
import { describedEnum, IncidentRoleEnum, IncidentSeverityEnum } from '../enums.ts';
import { User } from '../user/user.ts';

export const DetectionOutcomeEnum = describedEnum(
  'DetectionOutcome',
  'What becomes of a signal that has no incident yet.',
  detectionOutcomes,
  {
    DECLARE: 'It declares an incident.',
    ATTACH_ONLY:
      'It joins an open incident of its correlation key, or else of its service; without one it is only counted.',
    DROP: 'It is only counted. A HIGH or CRITICAL error never is.',
  },
);

const LabelCondition = builder.objectRef<LabelSource>('LabelCondition').implement({
  description: 'A label that a signal must have.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    pattern: t.exposeString('pattern', { description: 'What its value must be; `*` stands for any text.' }),
  }),
});

/** A role of a rule, with who has it. */
export const RoleOfRule = builder.objectRef<RuleSource['roles'][number]>('RoleOfRule').implement({
  description: 'A role that somebody has on what a rule declares.',
  fields: (t) => ({
    role: t.expose('role', { type: IncidentRoleEnum, description: 'The role.' }),
    user: t.field({
      type: User,
      nullable: true,
      description: 'Who has it; null when nothing is known of them any more.',
      resolve: ({ userId }, _args, { loaders }) => loaders.user.load(userId),
    }),
  }),
});

const listed = (what: string) =>
  `${what} is like one of these, compared without case; \`*\` stands for any text. Null: any.`;

/** A rule of detection, as the policy has it. */
export const DetectionRule = builder.objectRef<RuleSource>('DetectionRule').implement({
  description:
    'What becomes of certain signals that have no incident yet. Of all rules the first that matches wins; where none does, a signal declares as it is.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, unique in the policy.' }),
    sources: t.exposeStringList('sources', { nullable: true, description: listed('The source') }),
    services: t.exposeStringList('services', { nullable: true, description: listed('The service') }),
    environments: t.exposeStringList('environments', {
      nullable: true,
      description: listed('The environment'),
    }),
    severities: t.expose('severities', {
      type: [IncidentSeverityEnum],
      nullable: true,
      description: 'The severity is one of these. Null: any.',
    }),
    labels: t.expose('labels', {
      type: [LabelCondition],
      nullable: true,
      description: 'It has all of these labels. Null: any.',
    }),
    text: t.exposeStringList('text', {
      nullable: true,
      description: 'Title, summary or description hold one of these, compared without case. Null: any.',
    }),
    outcome: t.expose('outcome', { type: DetectionOutcomeEnum, description: 'What becomes of the signal.' }),
    severity: t.expose('severity', {
      type: IncidentSeverityEnum,
      nullable: true,
      description: 'How severe it is then; null for as severe as it says.',
    }),
    title: t.exposeString('title', {
      nullable: true,
      description: 'The title it declares with, with its placeholders; null for its own.',
    }),
    tags: t.exposeStringList('tags', { description: 'Tags of what it declares, beside its own.' }),
    roles: t.expose('roles', { type: [RoleOfRule], description: 'Who has which role on what it declares.' }),
  }),
});
