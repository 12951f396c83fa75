import { builder } from '../builder.ts';
import { idOf } from '../globalId.ts';
import { idempotencyKeyDescription } from '../mutation/idempotency.ts';
import { absentId } from '../mutation/incidentMutation.ts';
import { endOwn, sessionResult } from './sessionMutation.ts';

const RevokeSessionInput = builder.inputType('RevokeSessionInput', {
  description: 'What `revokeSession` needs.',
  fields: (t) => ({
    sessionId: t.id({ required: true, description: 'The session: its `id` in `viewer.sessions`.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

builder.mutationField('revokeSession', (t) =>
  t.field({
    type: sessionResult('revokeSession'),
    nullable: true,
    description:
      'Signs one of your browsers out, this one too. Its sockets and streams are closed within 5 s. For a person who is signed in.',
    args: { input: t.arg({ type: RevokeSessionInput, required: true, description: 'Which one.' }) },
    resolve: (_root, { input: { idempotencyKey, ...input } }, context) =>
      endOwn(context, 'revokeSession', {
        input,
        key: idempotencyKey,
        which: { only: idOf('Session', input.sessionId) ?? absentId },
      }),
  }),
);
