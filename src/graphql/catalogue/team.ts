import { type NameRow, type TeamMemberRow, teamMemberCursor } from '../../store/read/names.ts';
import { builder } from '../builder.ts';
import { connectionOf, pageOf } from '../page.ts';
import { forwardArguments } from '../pageArguments.ts';
import { User } from '../user/user.ts';

const TeamMember = builder.objectRef<TeamMemberRow>('TeamMember').implement({
  description: 'A member of your organization in one of its teams.',
  fields: (t) => ({
    user: t.field({
      type: User,
      description: 'The person.',
      resolve: async ({ userId }, _args, { loaders }) => {
        const user = await loaders.user.load(userId);
        if (user === null) throw new Error('A member of a team cannot be read.');
        return user;
      },
    }),
    since: t.expose('since', { type: 'DateTime', description: 'When they joined the team.' }),
  }),
});

const TeamMemberConnection = builder.connectionObject({
  type: TeamMember,
  name: 'TeamMemberConnection',
  description: 'A page of the members of a team.',
});

/** A team, made on first use of its name or in the catalogue. */
export const Team = builder.node(builder.objectRef<NameRow>('Team'), {
  description:
    'A team: whoever owns what fails. Made on first use of its name, or by `createTeam`. Whatever names one that was merged into another shows the other.',
  id: { resolve: (row) => row.id },
  loadMany: (ids, { loaders }) => ids.map((id) => loaders.team.load(id)),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, unique among teams whatever its case.' }),
    aliases: t.stringList({
      description: 'Names of teams that were merged into it: they lead here. At most 100.',
      resolve: async ({ id }, _args, { loaders }) => [...((await loaders.aliasesOf('TEAM').load(id)) ?? [])],
    }),
    slackChannel: t.exposeString('slackChannel', {
      nullable: true,
      description: 'Its Slack channel, by name or id; null while there is none.',
    }),
    members: t.field({
      type: TeamMemberConnection,
      description: 'Who is in it.',
      args: forwardArguments(t),
      resolve: ({ id }, args, { loaders }) => {
        const page = pageOf(args);
        return connectionOf(page, loaders.membersOf(page).load(id), teamMemberCursor, (row) => row);
      },
    }),
  }),
});
