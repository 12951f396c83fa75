import type { LastAction } from '../../domain/incident/state.ts';
import { ActorType } from '../actor/actor.ts';
import { builder } from '../builder.ts';
import { ActionKindEnum } from '../enums.ts';

/** An action taken on an incident: its row, or what the state keeps of the latest. */
export const IncidentAction = builder.node(builder.objectRef<LastAction>('IncidentAction'), {
  description: 'Something that was done about an incident.',
  id: { resolve: (action) => action.id },
  loadMany: (ids, { loaders }) => ids.map((id) => loaders.action.load(id)),
  fields: (t) => ({
    kind: t.expose('kind', { type: ActionKindEnum, description: 'What kind of action.' }),
    label: t.exposeString('label', { description: 'What was done.' }),
    details: t.exposeString('details', { nullable: true, description: 'What else is worth knowing.' }),
    actor: t.expose('actor', { type: ActorType, description: 'Who did it.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
  }),
});

/** A page of actions, oldest first. */
export const IncidentActionConnection = builder.connectionObject({
  type: IncidentAction,
  name: 'IncidentActionConnection',
  description: 'A page of actions, oldest first.',
});
