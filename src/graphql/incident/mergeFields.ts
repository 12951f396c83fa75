import { builder } from '../builder.ts';
import { Incident } from './incident.ts';
import { IncidentState } from './incidentState.ts';

builder.interfaceFields(IncidentState, (t) => ({
  mergedInto: t.field({
    type: Incident,
    nullable: true,
    description:
      'The incident it became part of, as it is now: that may have become part of another in turn. Null: none.',
    resolve: ({ state: { mergedInto } }, _args, { loaders }) =>
      mergedInto === null ? null : loaders.incident.load(mergedInto.incidentId),
  }),
  mergedIncidents: t.field({
    type: [Incident],
    description:
      'The incidents that are part of it, with those that were part of them, as they are now; at most 50.',
    resolve: async ({ state }, _args, { loaders }) => {
      const merged = await Promise.all(state.mergedIncidentIds.map((id) => loaders.incident.load(id)));
      return merged.filter((incident) => incident !== null);
    },
  }),
  splitFrom: t.field({
    type: Incident,
    nullable: true,
    description: 'The incident its first signal was split off from, as it is now. Null: it began otherwise.',
    resolve: ({ state: { splitFromId } }, _args, { loaders }) =>
      splitFromId === null ? null : loaders.incident.load(splitFromId),
  }),
}));
