import { makeActionWebhookSecret } from '../../app/actionWebhookSecrets.ts';
import { webhookOf } from '../../domain/bulkAction/actionWebhook.ts';
import { limits } from '../../domain/incident/limits.ts';
import { currentPolicy } from '../../store/read/policy.ts';
import { organizationMutation } from '../mutation/organizationMutation.ts';
import { upTo } from '../mutation/upTo.ts';
import { ActionWebhook, webhookAfter } from './actionWebhook.ts';

organizationMutation('setActionWebhook', {
  description:
    'Says where a source takes actions on its targets (`runBulkAction`). A source that had no webhook gets a signing secret, shown this once; one that has one keeps its secret.',
  fields: (t) => ({
    source: t.string({
      required: true,
      description: `The source, as its runs and incidents name it. ${upTo(limits.name)}`,
    }),
    url: t.string({
      required: true,
      description: `Where requests go: https://, without user and password. It is kept in the administration ledger for ever, so put no secret into it. http:// and addresses of your own network need \`WARROOM_OUTBOUND_ALLOW\`. ${upTo(limits.reference)}`,
    }),
    expectedVersion: t.int({
      description:
        'The `version` of the policy you decided on, which webhooks are a part of. Refused with ConflictError if it changed since.',
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
      description: 'The webhook right after; null when it has been removed since, on a repeat.',
      resolve: async (done, _args, { database, principal }) => {
        const { source } = done.command;
        const written = done.replayed ? null : webhookAfter(done, source).webhook;
        if (written !== null) return written;
        return webhookOf(await currentPolicy(database, principal.organizationId), source.trim()) ?? null;
      },
    }),
    secret: t.string({
      nullable: true,
      description:
        'What requests are signed with, `whsec_…`. Shown once; null when the source has one already, and on a repeat of an idempotency key.',
      resolve: (done) => (webhookAfter(done, done.command.source).hasNewSecret ? done.secret : null),
    }),
  }),
});
