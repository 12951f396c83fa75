import type { MemberRow } from '../../store/read/people.ts';
import { ActorType } from '../actor/actor.ts';
import { builder } from '../builder.ts';
import { MemberRoleEnum } from '../enums.ts';
import { User } from '../user/user.ts';

/** A person and what they may do. */
export const Member = builder.objectRef<MemberRow>('Member').implement({
  description: 'A person and what they may do in your organization.',
  fields: (t) => ({
    user: t.expose('user', { type: User, description: 'The person.' }),
    role: t.expose('role', { type: MemberRoleEnum, description: 'What they may do.' }),
    since: t.expose('since', { type: 'DateTime', description: 'When they became a member.' }),
    invitedBy: t.expose('invitedBy', {
      type: ActorType,
      nullable: true,
      description: 'Who invited them; null for whoever founded the organization.',
    }),
  }),
});

/** A page of members. */
export const MemberConnection = builder.connectionObject({
  type: Member,
  name: 'MemberConnection',
  description: 'A page of members, by name.',
});
