import type { NameRow } from '../../store/read/names.ts';
import { builder } from '../builder.ts';
import { Team } from './team.ts';

/** A service, made on first use of its name or in the catalogue. */
export const Service = builder.node(builder.objectRef<NameRow>('Service'), {
  description:
    'A service: something that can fail and be affected. Made on first use of its name, or by `createService`. Whatever names one that was merged into another shows the other.',
  id: { resolve: (row) => row.id },
  loadMany: (ids, { loaders }) => ids.map((id) => loaders.service.load(id)),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, unique among services whatever its case.' }),
    aliases: t.stringList({
      description: 'Names of services that were merged into it: they lead here. At most 100.',
      resolve: async ({ id }, _args, { loaders }) => [
        ...((await loaders.aliasesOf('SERVICE').load(id)) ?? []),
      ],
    }),
    ownerTeam: t.field({
      type: Team,
      nullable: true,
      description: 'The team that owns it; null while nobody said.',
      resolve: ({ ownerTeamId }, _args, { loaders }) =>
        ownerTeamId === null ? null : loaders.team.load(ownerTeamId),
    }),
    tier: t.exposeInt('tier', {
      nullable: true,
      description: 'How much depends on it: 1, everything, to 4, nothing; null while nobody said.',
    }),
    runbook: t.exposeString('runbook', {
      nullable: true,
      description: 'A path or URL; null while there is none.',
    }),
  }),
});
