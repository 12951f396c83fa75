import { idOf } from '../globalId.ts';
import { absentId } from '../mutation/incidentMutation.ts';
import { organizationMutation } from '../mutation/organizationMutation.ts';
import { entryAfter } from './entryPayload.ts';
import { Team } from './team.ts';

organizationMutation('updateTeam', {
  description:
    'Changes a team: absent leaves, null clears. Its id stays, whatever it is called. A name it gave up is free: whatever still uses it makes a new team, which you can merge into this one.',
  fields: (t) => ({
    teamId: t.id({ required: true, description: 'The team: its `id`.' }),
    name: t.string({ description: 'A new name, 1–100 characters. Null leaves, too.' }),
    slackChannel: t.string({ description: 'Its Slack channel, by name or id, at most 80 characters.' }),
  }),
  prepare: (input) => ({ command: { ...input, teamId: idOf('Team', input.teamId) ?? absentId } }),
  payload: (t) => ({
    team: t.field({
      type: Team,
      description: 'The team as it is now.',
      resolve: (done, _args, context) => entryAfter(done, 'team', done.command.teamId, context),
    }),
  }),
});
