import { organization } from '../../store/read/organization.ts';
import { readScope } from '../context.ts';
import { organizationMutation } from '../mutation/organizationMutation.ts';
import { Organization } from './organization.ts';

organizationMutation('renameOrganization', {
  description: 'Gives your organization another name. Its slug stays, because settings of programs say it.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'The new name, 1–100 characters.' }),
  }),
  prepare: ({ name }) => ({ command: { name } }),
  payload: (t) => ({
    organization: t.field({
      type: Organization,
      description: 'The organization as it is now.',
      resolve: async (_done, _args, context) => {
        const found = await organization(readScope(context));
        if (found === null) throw new Error('An organization was renamed and cannot be read.');
        return found;
      },
    }),
  }),
});
