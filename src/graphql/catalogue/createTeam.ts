import { v7 } from 'uuid';
import { organizationMutation } from '../mutation/organizationMutation.ts';
import { entryAfter } from './entryPayload.ts';
import { Team } from './team.ts';

organizationMutation('createTeam', {
  description:
    'Makes a team. One whose name was used before is there already: change that one with `updateTeam`.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Its name, 1–100 characters.' }),
    slackChannel: t.string({ description: 'Its Slack channel, by name or id, at most 80 characters.' }),
  }),
  prepare: (input) => ({ command: { ...input, made: { id: v7() } } }),
  payload: (t) => ({
    team: t.field({
      type: Team,
      description: 'The team.',
      resolve: (done, _args, context) => entryAfter(done, 'team', done.command.made.id, context),
    }),
  }),
});
