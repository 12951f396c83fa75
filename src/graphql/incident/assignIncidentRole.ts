import { IncidentRoleEnum } from '../enums.ts';
import { idOf } from '../globalId.ts';
import { incidentMutation } from '../mutation/incidentMutation.ts';

incidentMutation('assignIncidentRole', {
  description: 'Gives a role on the incident to a person, or takes it away.',
  fields: (t) => ({
    role: t.field({ type: IncidentRoleEnum, required: true, description: 'Which role.' }),
    userId: t.id({ description: 'The `id` of a member of your organization; null or absent: nobody.' }),
  }),
  command: ({ role, userId }) => ({
    role,
    userId: userId === null || userId === undefined ? null : (idOf('User', userId) ?? ''),
  }),
});
