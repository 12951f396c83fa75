import type { ActionWebhook as ActionWebhookSource } from '../../domain/bulkAction/actionWebhook.ts';
import { webhookOf } from '../../domain/bulkAction/actionWebhook.ts';
import { currentPolicy } from '../../store/read/policy.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import type { OrganizationDone } from '../mutation/handleAdministrationCommand.ts';

/** Where a source takes actions on its targets. */
export const ActionWebhook = builder.objectRef<ActionWebhookSource>('ActionWebhook').implement({
  description:
    'Where a source takes requests to do something about its targets. They are signed as Standard Webhooks has it: `webhook-id`, `webhook-timestamp`, `webhook-signature`.',
  fields: (t) => ({
    source: t.exposeString('source', { description: 'The source, as its runs and incidents name it.' }),
    url: t.exposeString('url', { description: 'Where requests go.' }),
    secretSetAt: t.expose('secretSetAt', {
      type: 'DateTime',
      description: 'Since when its signing secret is the one it has.',
    }),
    overlapEndsAt: t.expose('overlapEndsAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'Until when requests are signed with the secret before, too; it may be over. Null: they are not.',
    }),
  }),
});

/** The webhook that a mutation left, and whether its secret is the one that this very mutation made. */
export function webhookAfter(
  { entries }: Pick<OrganizationDone, 'entries'>,
  source: string,
): { readonly webhook: ActionWebhookSource | null; readonly hasNewSecret: boolean } {
  const event = entries.at(-1)?.event;
  if (event?.type !== 'ORGANIZATION_POLICY_CHANGED') return { webhook: null, hasNewSecret: false };
  const webhook = webhookOf(event.payload.policy, source.trim()) ?? null;
  return { webhook, hasNewSecret: webhook?.secretSetBy === event.commandId };
}

builder.queryField('actionWebhooks', (t) =>
  t.field({
    type: [ActionWebhook],
    description: 'Where sources take actions on their targets, by name; at most 50. For administrators.',
    resolve: async (_root, _args, context) => {
      authorizeRead('actionWebhooks', context);
      const policy = await currentPolicy(context.database, context.principal.organizationId);
      return policy.actionWebhooks;
    },
  }),
);
