import type { NameRow } from '../../store/read/names.ts';
import { builder } from '../builder.ts';

/** A project, made on first use of its name or in the catalogue. */
export const Project = builder.node(builder.objectRef<NameRow>('Project'), {
  description:
    'A project: what a service or job belongs to. Made on first use of its name, or by `createProject`. Whatever names one that was merged into another shows the other.',
  id: { resolve: (row) => row.id },
  loadMany: (ids, { loaders }) => ids.map((id) => loaders.project.load(id)),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, unique among projects whatever its case.' }),
    aliases: t.stringList({
      description: 'Names of projects that were merged into it: they lead here. At most 100.',
      resolve: async ({ id }, _args, { loaders }) => [
        ...((await loaders.aliasesOf('PROJECT').load(id)) ?? []),
      ],
    }),
  }),
});
