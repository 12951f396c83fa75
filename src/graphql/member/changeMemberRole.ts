import { MemberRoleEnum } from '../enums.ts';
import { idOf } from '../globalId.ts';
import { organizationMutation } from '../mutation/organizationMutation.ts';
import { Member } from './member.ts';

organizationMutation('changeMemberRole', {
  description:
    'Gives a member another role. Whatever they have open is closed within 5 s and opens again with the new role. The last administrator stays one.',
  fields: (t) => ({
    userId: t.id({ required: true, description: "The member: their user's `id`." }),
    role: t.field({ type: MemberRoleEnum, required: true, description: 'What they may do from now on.' }),
  }),
  prepare: ({ userId, role }) => ({ command: { userId: idOf('User', userId) ?? '', role } }),
  payload: (t) => ({
    member: t.field({
      type: Member,
      nullable: true,
      description: 'The member as they are now; null when a repeat finds them a member no longer.',
      resolve: ({ command }, _args, { loaders }) => loaders.member.load(command.userId),
    }),
  }),
});
