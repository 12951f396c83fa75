import type { OneError } from '../../app/rehearseError.ts';
import type { SignalPreview as PreviewSource } from '../../domain/detection/previewDelivery.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import { IncidentSeverityEnum } from '../enums.ts';
import { Incident } from '../incident/incident.ts';
import { DetectionOutcomeEnum, RoleOfRule } from './detectionRule.ts';
import { ErrorPreview, previewReported } from './errorPreview.ts';

/** What the rules would make of it, the open incident it would only join, and the error, if it is one. */
export interface Previewed extends PreviewSource {
  readonly incidentId: string | null;
  readonly error: OneError | null;
}

const RuleStep = builder.objectRef<PreviewSource['steps'][number]>('RuleStep').implement({
  description: 'A rule that was tried.',
  fields: (t) => ({
    rule: t.exposeString('rule', { description: 'Its name.' }),
    matches: t.exposeBoolean('matches', { description: 'Whether every condition is met.' }),
    why: t.exposeString('why', { description: 'Why it applies, or does not, in a sentence.' }),
  }),
});

const PreviewedDeclaration = builder
  .objectRef<NonNullable<PreviewSource['declares']>>('PreviewedDeclaration')
  .implement({
    description: 'What a signal would declare, were it the first of its dedup key; an error, of its kind.',
    fields: (t) => ({
      title: t.exposeString('title', { description: 'The title.' }),
      severity: t.expose('severity', { type: IncidentSeverityEnum, description: 'The severity.' }),
      tags: t.exposeStringList('tags', { description: 'The tags.' }),
      roles: t.expose('roles', { type: [RoleOfRule], description: 'Who gets which role.' }),
    }),
  });

/** What the rules would make of one signal or error. */
export const SignalPreview = builder.objectRef<Previewed>('SignalPreview').implement({
  description: 'What the rules of detection would make of one signal, or reported error.',
  fields: (t) => ({
    source: t.exposeString('source', { description: 'The system it is from.' }),
    summary: t.exposeString('summary', { description: 'What was observed.' }),
    severity: t.expose('severity', {
      type: IncidentSeverityEnum,
      description: 'How severe it says it is, as one of ours.',
    }),
    outcome: t.expose('outcome', {
      type: DetectionOutcomeEnum,
      nullable: true,
      description: 'What would become of it; null for a MEDIUM or LOW error that no rule matches.',
    }),
    rule: t.exposeString('rule', {
      nullable: true,
      description: 'The rule that decides; null when none matches.',
    }),
    suppressedBy: t.exposeString('suppressedBy', {
      nullable: true,
      description: 'The maintenance window that would keep it from declaring now; null when none would.',
    }),
    declares: t.expose('declares', {
      type: PreviewedDeclaration,
      nullable: true,
      description: 'What it would declare; null when it would declare nothing.',
    }),
    joins: t.field({
      type: Incident,
      nullable: true,
      description:
        'The open incident it would join now as one that a rule has only join; null when it would not join one. Needs the scope READ.',
      resolve: ({ incidentId }, _args, context) => {
        if (incidentId === null) return null;
        authorizeRead('incident', context);
        return context.loaders.incident.load(incidentId);
      },
    }),
    joinsDeclared: t.exposeBoolean('joinsDeclared', {
      description:
        'A rule has it only join, and another signal of the same delivery declares: it goes to that incident, and to no other.',
    }),
    reported: t.field({
      type: ErrorPreview,
      nullable: true,
      description:
        'What would become of the error now, with the incidents that are there; null for a signal. Needs the scope READ.',
      resolve: ({ error }, _args, context) => (error === null ? null : previewReported(error, context)),
    }),
    steps: t.expose('steps', { type: [RuleStep], description: 'Every rule that was tried, in order.' }),
  }),
});
