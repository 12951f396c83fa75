import { makeActionWebhookSecret } from '../../app/actionWebhookSecrets.ts';
import { secretOverlapLimit } from '../../domain/bulkAction/actionWebhook.ts';
import { organizationMutation } from '../mutation/organizationMutation.ts';
import { ActionWebhook, webhookAfter } from './actionWebhook.ts';

organizationMutation('rotateActionWebhookSecret', {
  description:
    "Gives a source's action webhook a new signing secret, shown this once. Requests are signed with the one before, too, for as long as you say, so that the receiver can be told.",
  fields: (t) => ({
    source: t.string({ required: true, description: 'The source whose webhook it is.' }),
    overlapMinutes: t.int({
      required: true,
      description: `Minutes the old secret goes on counting, 0–${secretOverlapLimit} (seven days). 0 when it is known to others.`,
    }),
  }),
  prepare: (input, { sealing, principal }) => {
    const { secret, sealed } = makeActionWebhookSecret(
      sealing,
      principal.organizationId,
      input.source.trim(),
    );
    return { command: { ...input, made: { sealed } }, secret };
  },
  payload: (t) => ({
    webhook: t.field({
      type: ActionWebhook,
      nullable: true,
      description: 'The webhook right after.',
      resolve: (done) => webhookAfter(done, done.command.source).webhook,
    }),
    secret: t.string({
      nullable: true,
      description:
        'What requests are signed with from now on, `whsec_…`. Shown once; null on a repeat of an idempotency key.',
      resolve: ({ secret }) => secret,
    }),
  }),
});
