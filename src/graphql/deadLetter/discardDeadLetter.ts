import { builder } from '../builder.ts';
import { toGlobalId } from '../globalId.ts';
import { type Done, organizationErrors, resultType } from '../mutation/result.ts';
import { needlessKeyDescription, withDeadLetter } from './deadLetterMutation.ts';

const DiscardDeadLetterInput = builder.inputType('DiscardDeadLetterInput', {
  description: 'What `discardDeadLetter` needs.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The dead letter: its `id`.' }),
    idempotencyKey: t.string({ description: needlessKeyDescription }),
  }),
});

interface Discarded extends Done {
  readonly id: string;
}

const DiscardDeadLetterPayload = builder.objectRef<Discarded>('DiscardDeadLetterPayload').implement({
  description: 'What `discardDeadLetter` did.',
  fields: (t) => ({
    id: t.field({
      type: 'ID',
      description: 'Which one is gone.',
      resolve: ({ id }) => toGlobalId('DeadLetter', id),
    }),
  }),
});

builder.mutationField('discardDeadLetter', (t) =>
  t.field({
    type: resultType('discardDeadLetter', DiscardDeadLetterPayload, organizationErrors),
    nullable: true,
    description: 'Throws a delivery away that could not be taken in, for good.',
    args: { input: t.arg({ type: DiscardDeadLetterInput, required: true, description: 'Which one.' }) },
    resolve: (_root, { input }, context) =>
      withDeadLetter<Discarded>(context, 'discardDeadLetter', input, async (id) => {
        const there = await context.deadLetters.discard(context.principal.organizationId, id);
        return there ? { kind: 'done', id } : null;
      }),
  }),
);
