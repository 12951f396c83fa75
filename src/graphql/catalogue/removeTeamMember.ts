import { idOf } from '../globalId.ts';
import { absentId } from '../mutation/incidentMutation.ts';
import { organizationMutation } from '../mutation/organizationMutation.ts';
import { entryAfter } from './entryPayload.ts';
import { Team } from './team.ts';

organizationMutation('removeTeamMember', {
  description: 'Takes a member out of a team.',
  fields: (t) => ({
    teamId: t.id({ required: true, description: 'The team: its `id`.' }),
    userId: t.id({ required: true, description: "The member: their user's `id`." }),
  }),
  prepare: ({ teamId, userId }) => ({
    command: { teamId: idOf('Team', teamId) ?? absentId, userId: idOf('User', userId) ?? '' },
  }),
  payload: (t) => ({
    team: t.field({
      type: Team,
      description: 'The team as it is now.',
      resolve: (done, _args, context) => entryAfter(done, 'team', done.command.teamId, context),
    }),
  }),
});
