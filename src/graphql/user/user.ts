import type { UserRow } from '../../store/read/people.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import { Incident } from '../incident/incident.ts';

/** A person who is a member of the organization, or was one. */
export const User = builder.node(builder.objectRef<UserRow>('User'), {
  description: 'A person who is a member of your organization, or was one.',
  id: { resolve: (user) => user.id },
  loadMany: (ids, { loaders }) => ids.map((id) => loaders.user.load(id)),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Their name.' }),
    email: t.expose('email', {
      type: 'EmailAddress',
      nullable: true,
      description: 'Their email address; null once they are no member any more.',
    }),
    isMember: t.exposeBoolean('isMember', {
      description:
        'Whether they are a member now. Who is not keeps their name in the record, and can be given nothing.',
    }),
    acknowledgementCount: t.int({
      description:
        'How often they have acknowledged an incident in your organization, themselves and signed in; one taken again counts again, drills never.',
      resolve: async ({ id }, _args, { loaders }) =>
        (await loaders.engagement.load(id))?.acknowledgementCount ?? 0,
    }),
    lastAcknowledgedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When they last did; null when they never have.',
      resolve: async ({ id }, _args, { loaders }) =>
        (await loaders.engagement.load(id))?.lastAcknowledgedAt ?? null,
    }),
    lastAcknowledgedIncident: t.field({
      type: Incident,
      nullable: true,
      description: 'The incident they last acknowledged; null when they never have. Needs the scope READ.',
      resolve: async ({ id }, _args, context) => {
        const engagement = await context.loaders.engagement.load(id);
        if (engagement === null) return null;
        authorizeRead('incident', context);
        return context.loaders.incident.load(engagement.lastAcknowledgedIncidentId);
      },
    }),
  }),
});
