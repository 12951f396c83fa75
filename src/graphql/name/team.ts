import type { NameRow } from '../../store/read/names.ts';
import { builder } from '../builder.ts';

/** A team, made on first use of its name. */
export const Team = builder.node(builder.objectRef<NameRow>('Team'), {
  description: 'A team: whoever owns what fails. Made on first use of its name.',
  id: { resolve: (row) => row.id },
  loadMany: (ids, { loaders }) => ids.map((id) => loaders.team.load(id)),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, unique among teams whatever its case.' }),
  }),
});
