import type {
  AffectedService as AffectedServiceSource,
  ExternalRef as ExternalRefSource,
  Ticket as TicketSource,
} from '../../domain/incident/state.ts';
import { builder } from '../builder.ts';
import { ServiceImpactEnum } from '../enums.ts';
import { Service } from '../name/service.ts';

/** A ticket linked to an incident. */
export const Ticket = builder.objectRef<TicketSource>('Ticket').implement({
  description: 'A ticket of another system that is linked to it.',
  fields: (t) => ({
    url: t.expose('url', { type: 'URL', description: 'Where it is.' }),
    key: t.exposeString('key', { nullable: true, description: 'Its key there, e.g. `OPS-12`.' }),
  }),
});

/** What another system calls an incident. */
export const ExternalRef = builder.objectRef<ExternalRefSource>('ExternalRef').implement({
  description: 'What another system calls it.',
  fields: (t) => ({
    system: t.exposeString('system', { description: 'The system, e.g. `pagerduty`.' }),
    id: t.exposeString('id', { description: 'Its id there; not a node id.' }),
    url: t.expose('url', { type: 'URL', nullable: true, description: 'Where it is there.' }),
  }),
});

/** A service an incident affects. */
export const AffectedService = builder.objectRef<AffectedServiceSource>('AffectedService').implement({
  description: 'A service it affects, and how badly.',
  fields: (t) => ({
    service: t.field({
      type: Service,
      description: 'The service.',
      resolve: async ({ serviceId }, _args, { loaders }) =>
        (await loaders.service.load(serviceId)) ?? { id: serviceId, name: '' },
    }),
    impact: t.expose('impact', { type: ServiceImpactEnum, description: 'How badly.' }),
  }),
});
