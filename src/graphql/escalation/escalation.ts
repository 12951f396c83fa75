import type { EscalationReason, EscalationTargetKind } from '../../domain/incident/vocabulary.ts';
import type { Instant } from '../../domain/instant.ts';
import { builder } from '../builder.ts';
import { EscalationReasonEnum } from '../enums.ts';
import { durationOf } from '../scalars.ts';
import { EscalationTarget } from './escalationTarget.ts';

/** An escalation as its row has it, or as its event made it. */
export interface EscalationSource {
  readonly id: string;
  readonly reason: EscalationReason;
  readonly rule: string;
  readonly afterMinutes: number | null;
  readonly level: number;
  readonly target: EscalationTargetKind;
  readonly note: string | null;
  readonly at: Instant;
  /** Absent when it comes from its event, which cannot know. */
  readonly acknowledgedAt?: Instant | null;
}

/** An escalation that happened. */
export const Escalation = builder.node(builder.objectRef<EscalationSource>('Escalation'), {
  description: 'That an incident was taken further up, by a rule or because somebody asked.',
  id: { resolve: (escalation) => escalation.id },
  loadMany: (ids, { loaders }) => ids.map((id) => loaders.escalation.load(id)),
  fields: (t) => ({
    reason: t.expose('reason', { type: EscalationReasonEnum, description: 'Why.' }),
    rule: t.exposeString('rule', { description: 'The rule that did it; `manual` when somebody asked.' }),
    after: t.field({
      type: 'Duration',
      nullable: true,
      description: 'How long the rule waits; null when somebody asked.',
      resolve: ({ afterMinutes }) => (afterMinutes === null ? null : durationOf(afterMinutes * 60_000)),
    }),
    level: t.exposeInt('level', {
      description: 'On-call 1, supervisor 2, director 3; Slack keeps the level.',
    }),
    target: t.field({
      type: EscalationTarget,
      description: 'Whom it went to.',
      resolve: ({ target }) => target,
    }),
    note: t.exposeString('note', { nullable: true, description: 'What was said with it.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    acknowledgedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the incident was acknowledged after it; null while it was not.',
      resolve: async ({ id, acknowledgedAt }, _args, { loaders }) =>
        acknowledgedAt === undefined ? (await loaders.escalation.load(id))?.acknowledgedAt : acknowledgedAt,
    }),
  }),
});

/** A page of escalations, oldest first. */
export const EscalationConnection = builder.connectionObject({
  type: Escalation,
  name: 'EscalationConnection',
  description: 'A page of escalations, oldest first.',
});
