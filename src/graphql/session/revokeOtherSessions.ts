import { builder } from '../builder.ts';
import { idempotencyKeyDescription } from '../mutation/idempotency.ts';
import { endOwn, sessionResult } from './sessionMutation.ts';

const RevokeOtherSessionsInput = builder.inputType('RevokeOtherSessionsInput', {
  description: 'What `revokeOtherSessions` needs: nothing.',
  fields: (t) => ({ idempotencyKey: t.string({ description: idempotencyKeyDescription }) }),
});

builder.mutationField('revokeOtherSessions', (t) =>
  t.field({
    type: sessionResult('revokeOtherSessions'),
    nullable: true,
    description:
      'Signs every browser of yours out but the one you ask with: every one, when you ask with a token. Their sockets and streams are closed within 5 s. For a person who is signed in.',
    args: { input: t.arg({ type: RevokeOtherSessionsInput, required: true, description: 'Nothing.' }) },
    resolve: (_root, { input }, context) =>
      endOwn(context, 'revokeOtherSessions', {
        input: {},
        key: input.idempotencyKey,
        which: { but: context.principal.credentialId },
      }),
  }),
);
