import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import { OrganizationPolicy } from './policy.ts';

builder.queryField('policy', (t) =>
  t.field({
    type: OrganizationPolicy,
    description: "Your organization's policy as it is in force now.",
    resolve: async (_root, _args, context) => {
      authorizeRead('policy', context);
      const policy = await context.loaders.policy.load('CURRENT');
      if (policy === null) throw new Error('The organization has no policy in force.');
      return policy;
    },
  }),
);
