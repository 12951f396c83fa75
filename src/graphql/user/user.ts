import type { UserRow } from '../../store/read/people.ts';
import { builder } from '../builder.ts';

/** A person who is a member of the organization. */
export const User = builder.node(builder.objectRef<UserRow>('User'), {
  description: 'A person who is a member of your organization.',
  id: { resolve: (user) => user.id },
  loadMany: (ids, { loaders }) => ids.map((id) => loaders.user.load(id)),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Their name.' }),
    email: t.expose('email', { type: 'EmailAddress', nullable: true, description: 'Their email address.' }),
  }),
});
