import type { Replayed } from '../../app/deadLetters.ts';
import { builder } from '../builder.ts';
import { describedEnum } from '../enums.ts';
import { type Done, organizationErrors, resultType } from '../mutation/result.ts';
import { DeadLetter } from './deadLetter.ts';
import { needlessKeyDescription, withDeadLetter } from './deadLetterMutation.ts';

const outcomes = ['TAKEN_IN', 'REFUSED', 'BUSY', 'NOT_REPLAYABLE'] as const;

const outcomeOf = {
  done: 'TAKEN_IN',
  refused: 'REFUSED',
  busy: 'BUSY',
  notReplayable: 'NOT_REPLAYABLE',
} as const;

const ReplayOutcomeEnum = describedEnum('ReplayOutcome', 'What replaying a dead letter came to.', outcomes, {
  TAKEN_IN: 'It was taken in as if it came now, and is no dead letter any more.',
  REFUSED: 'It still cannot be taken in; the dead letter says why.',
  BUSY: 'Warroom is busy; nothing was done. Try again.',
  NOT_REPLAYABLE:
    'It cannot be replayed, ever: `notReplayable` of the dead letter says why. Nothing was done.',
});

const ReplayDeadLetterInput = builder.inputType('ReplayDeadLetterInput', {
  description: 'What `replayDeadLetter` needs.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The dead letter: its `id`.' }),
    idempotencyKey: t.string({ description: needlessKeyDescription }),
  }),
});

const ReplayDeadLetterPayload = builder.objectRef<Done & Replayed>('ReplayDeadLetterPayload').implement({
  description: 'What `replayDeadLetter` did.',
  fields: (t) => ({
    outcome: t.field({
      type: ReplayOutcomeEnum,
      description: 'What it came to.',
      resolve: ({ outcome }) => outcomeOf[outcome],
    }),
    deadLetter: t.field({
      type: DeadLetter,
      nullable: true,
      description: 'The dead letter as it is now; null once it was taken in.',
      resolve: ({ deadLetter }) => deadLetter,
    }),
  }),
});

builder.mutationField('replayDeadLetter', (t) =>
  t.field({
    type: resultType('replayDeadLetter', ReplayDeadLetterPayload, organizationErrors),
    nullable: true,
    description:
      'Takes a delivery in that could not be before, as if it came now: its key is read as it is configured now. What it fired is counted, not doubled, if it came again meanwhile.',
    args: { input: t.arg({ type: ReplayDeadLetterInput, required: true, description: 'Which one.' }) },
    resolve: (_root, { input }, context) =>
      withDeadLetter<Done & Replayed>(context, 'replayDeadLetter', input, async (id) => {
        const replayed = await context.deadLetters.replay(context.principal.organizationId, id);
        return replayed && { kind: 'done', ...replayed };
      }),
  }),
);
