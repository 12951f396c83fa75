import { limits } from '../../domain/incident/limits.ts';
import { idOf } from '../globalId.ts';
import { incidentMutation } from '../mutation/incidentMutation.ts';
import { upTo } from '../mutation/upTo.ts';

incidentMutation('assignIncident', {
  description:
    'Says who works on an incident: one person, an owning team, or both. Absent leaves, null takes away.',
  fields: (t) => ({
    userId: t.id({ description: 'The person: the `id` of a member of your organization. Null: nobody.' }),
    ownerTeam: t.string({
      description: `Name of the team; a new name makes it. Null: no team. ${upTo(limits.name)}`,
    }),
  }),
  command: ({ userId, ...rest }) =>
    userId === undefined ? rest : { ...rest, userId: userId === null ? null : (idOf('User', userId) ?? '') },
});
