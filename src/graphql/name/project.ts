import type { NameRow } from '../../store/read/names.ts';
import { builder } from '../builder.ts';

/** A project, made on first use of its name. */
export const Project = builder.node(builder.objectRef<NameRow>('Project'), {
  description: 'A project: what a service or job belongs to. Made on first use of its name.',
  id: { resolve: (row) => row.id },
  loadMany: (ids, { loaders }) => ids.map((id) => loaders.project.load(id)),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, unique among projects whatever its case.' }),
  }),
});
