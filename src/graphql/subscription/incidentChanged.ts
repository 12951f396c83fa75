import type { LatestSource } from '../../feed/source.ts';
import { incidents } from '../../store/read/incidents.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { Incident } from '../incident/incident.ts';
import { incidentIdHere } from './eventsAfter.ts';
import { live } from './live.ts';

interface Arguments {
  readonly id: string;
}

/** The incident now, then whenever it changes. */
async function changesOf({ id }: Arguments, context: GraphQLContext): Promise<LatestSource> {
  authorizeRead('incidentChanged', context);
  const incidentId = await incidentIdHere(id, context);
  const { database, principal } = context;
  const scope = { database, organizationId: principal.organizationId };
  return {
    mode: 'latest',
    ledger: 'INCIDENTS',
    match: ({ entry }) => entry.ledger === 'INCIDENTS' && entry.incidentId === incidentId,
    current: async () => (await incidents(scope, [incidentId]))[0] ?? null,
  };
}

builder.subscriptionField('incidentChanged', (t) =>
  t.field({
    type: Incident,
    description:
      'An incident: as it is now, at once, then after each change. Whoever reads slowly skips intermediate states and always gets the latest; for every event, use `incidentEvents`.',
    args: { id: t.arg.id({ required: true, description: 'The incident: its `id`.' }) },
    ...live<Arguments, LatestSource>(changesOf),
    resolve: (record) => record,
  }),
);
