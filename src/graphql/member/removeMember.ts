import { idOf } from '../globalId.ts';
import { organizationMutation } from '../mutation/organizationMutation.ts';
import { User } from '../user/user.ts';

organizationMutation('removeMember', {
  description:
    'Ends a membership, also your own. Whatever they have open is closed within 5 s; what they did stays in the record, and so do their roles and assignments. The last administrator cannot be removed.',
  fields: (t) => ({
    userId: t.id({ required: true, description: "The member: their user's `id`." }),
  }),
  prepare: ({ userId }) => ({ command: { userId: idOf('User', userId) ?? '' } }),
  payload: (t) => ({
    user: t.field({
      type: User,
      description: 'The person, no longer a member.',
      resolve: async ({ command }, _args, { loaders }) => {
        const user = await loaders.user.load(command.userId);
        if (user === null) throw new Error('A member was removed and cannot be read.');
        return user;
      },
    }),
  }),
});
