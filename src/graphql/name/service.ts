import type { NameRow } from '../../store/read/names.ts';
import { builder } from '../builder.ts';

/** A service, made on first use of its name. */
export const Service = builder.node(builder.objectRef<NameRow>('Service'), {
  description: 'A service: something that can fail and be affected. Made on first use of its name.',
  id: { resolve: (row) => row.id },
  loadMany: (ids, { loaders }) => ids.map((id) => loaders.service.load(id)),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, unique among services whatever its case.' }),
  }),
});
