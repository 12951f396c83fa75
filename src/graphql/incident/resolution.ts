import type { Resolution as Source } from '../../domain/incident/state.ts';
import { ActorType } from '../actor/actor.ts';
import { builder } from '../builder.ts';
import { FollowUp } from './followUp.ts';

/** The resolution that holds; the ledger keeps those before a reopening. */
export const Resolution = builder.objectRef<Source>('Resolution').implement({
  description: 'How it ended and what was learned. A reopening moves it to history.',
  fields: (t) => ({
    summary: t.exposeString('summary', { description: 'How it was resolved.' }),
    notes: t.exposeString('notes', { nullable: true, description: 'What else is worth knowing.' }),
    impactAssessment: t.exposeString('impactAssessment', {
      nullable: true,
      description: 'What it meant to those who were affected.',
    }),
    lessonsLearned: t.exposeString('lessonsLearned', { nullable: true, description: 'What was learned.' }),
    followUps: t.field({
      type: [FollowUp],
      description: 'What is to be done about it; each with how far it is now.',
      resolve: ({ followUps }, _args, { loaders }) =>
        Promise.all(
          followUps.map(
            async ({ id, description }) =>
              (await loaders.followUp.load(id)) ??
              // Its row comes with the event; a state shown by an instance that is ahead of this read may lack it.
              ({
                id,
                description,
                status: 'OPEN',
                assigneeId: null,
                dueAt: null,
                completedAt: null,
              } as const),
          ),
        ),
    }),
    noFollowUpsBecause: t.exposeString('noFollowUpsBecause', {
      nullable: true,
      description: 'Why there is nothing left to do, when there is not.',
    }),
    automatic: t.exposeBoolean('automatic', {
      description: 'True when the system or an integration resolved it, past the gates of a person.',
    }),
    resolvedBy: t.expose('resolvedBy', { type: ActorType, description: 'Who resolved it.' }),
    resolvedAt: t.expose('resolvedAt', { type: 'DateTime', description: 'When.' }),
  }),
});
