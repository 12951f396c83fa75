import type { Acknowledgement as Source } from '../../domain/incident/state.ts';
import { ActorType } from '../actor/actor.ts';
import { builder } from '../builder.ts';
import { IncidentSeverityEnum } from '../enums.ts';

/** An acknowledgement as it was made. */
export const Acknowledgement = builder.objectRef<Source>('Acknowledgement').implement({
  description: 'That somebody took an incident: who, when, and how severe it was at that moment.',
  fields: (t) => ({
    actor: t.expose('actor', { type: ActorType, description: 'Who took it.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    note: t.exposeString('note', { nullable: true, description: 'What they said about it.' }),
    severity: t.expose('severity', {
      type: IncidentSeverityEnum,
      description: 'The severity at that moment.',
    }),
  }),
});
