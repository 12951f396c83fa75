import type { OrganizationRow } from '../../store/read/organization.ts';
import { builder } from '../builder.ts';

/** An organization as its members see it. */
export const Organization = builder.objectRef<OrganizationRow>('Organization').implement({
  description: 'An organization: everything belongs to one, and nothing is seen across two.',
  fields: (t) => ({
    slug: t.exposeString('slug', { description: 'What to send as `Warroom-Organization`.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
  }),
});
