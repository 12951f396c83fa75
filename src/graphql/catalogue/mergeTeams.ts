import { idOf } from '../globalId.ts';
import { absentId } from '../mutation/incidentMutation.ts';
import { organizationMutation } from '../mutation/organizationMutation.ts';
import { entryAfter } from './entryPayload.ts';
import { Team } from './team.ts';

organizationMutation('mergeTeams', {
  description:
    'Makes a team an alias of another, for good: its name leads there, its incidents show the other and are found by it. Its members become those of the other.',
  fields: (t) => ({
    teamId: t.id({ required: true, description: 'The team that becomes an alias: its `id`.' }),
    intoTeamId: t.id({ required: true, description: 'The team it becomes an alias of: its `id`.' }),
  }),
  prepare: (input) => ({
    command: {
      teamId: idOf('Team', input.teamId) ?? absentId,
      intoTeamId: idOf('Team', input.intoTeamId) ?? absentId,
    },
  }),
  payload: (t) => ({
    team: t.field({
      type: Team,
      description: 'The team that remains.',
      resolve: (done, _args, context) => entryAfter(done, 'team', done.command.intoTeamId, context),
    }),
  }),
});
