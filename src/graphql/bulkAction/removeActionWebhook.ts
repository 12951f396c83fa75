import { organizationMutation } from '../mutation/organizationMutation.ts';

organizationMutation('removeActionWebhook', {
  description:
    "Takes a source's action webhook away, with its secret. Targets of a bulk action that are not done yet fail.",
  fields: (t) => ({
    source: t.string({ required: true, description: 'The source whose webhook it is.' }),
  }),
  prepare: (input) => ({ command: input }),
  payload: (t) => ({
    source: t.string({
      description: 'The source that has no action webhook now.',
      resolve: ({ command }) => command.source.trim(),
    }),
  }),
});
