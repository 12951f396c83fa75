import type {
  AffectedService as AffectedServiceSource,
  ExternalRef as ExternalRefSource,
  Ticket as TicketSource,
} from '../../domain/incident/state.ts';
import { type ServiceImpact, serviceImpacts } from '../../domain/incident/vocabulary.ts';
import type { NameRow } from '../../store/read/names.ts';
import { builder } from '../builder.ts';
import { Service } from '../catalogue/service.ts';
import type { GraphQLContext } from '../context.ts';
import { ServiceImpactEnum } from '../enums.ts';

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

/** A service an incident affects, as it is shown. */
interface ShownService {
  readonly service: NameRow;
  readonly impact: ServiceImpact;
}

/** A service an incident affects. */
export const AffectedService = builder.objectRef<ShownService>('AffectedService').implement({
  description: 'A service it affects, and how badly.',
  fields: (t) => ({
    service: t.expose('service', { type: Service, description: 'The service.' }),
    impact: t.expose('impact', { type: ServiceImpactEnum, description: 'How badly.' }),
  }),
});

/** The services an incident affects, each once: of several that were merged since, the worst impact counts. */
export async function affectedServices(
  affected: readonly AffectedServiceSource[],
  { loaders }: GraphQLContext,
): Promise<ShownService[]> {
  const services = await Promise.all(affected.map(({ serviceId }) => loaders.service.load(serviceId)));
  const shown = new Map<string, ShownService>();
  for (const [index, { impact }] of affected.entries()) {
    const service = services[index];
    if (!service) continue;
    const before = shown.get(service.id)?.impact;
    const isWorse = before === undefined || serviceImpacts.indexOf(impact) < serviceImpacts.indexOf(before);
    if (isWorse) shown.set(service.id, { service, impact });
  }
  return [...shown.values()];
}
