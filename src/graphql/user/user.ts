import type { UserRow } from '../../store/read/people.ts';
import { builder } from '../builder.ts';

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
  }),
});
