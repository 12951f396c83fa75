import type { IncidentRecord } from '../../domain/incident/state.ts';
import type { Instant } from '../../domain/instant.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { Incident } from './incident.ts';
import type { IncidentSource } from './incidentSource.ts';
import { IncidentState } from './incidentState.ts';

/** An incident as it was: a state with the policy it was under. */
export interface SnapshotSource extends IncidentRecord {
  readonly isPast: true;
  readonly moment?: Instant | undefined;
}

/** A state as a snapshot: at `moment` and planned under `policyVersion`, its own event's unless given. */
export function snapshotOf(
  record: IncidentRecord,
  policyVersion = record.policyVersion,
  moment?: Instant,
): SnapshotSource {
  return { ...record, policyVersion, isPast: true, moment };
}

/** The incident as it is now. @throws Error when a ledger names an incident that is not there. */
export async function incidentNow(id: string, { loaders }: GraphQLContext): Promise<IncidentSource> {
  const incident = await loaders.incident.load(id);
  if (incident === null) throw new Error(`Incident ${id} is missing.`);
  return incident;
}

/** An incident as it was at a past moment. */
export const IncidentSnapshot = builder.objectRef<SnapshotSource>('IncidentSnapshot').implement({
  description:
    'An incident as it was at a past moment. It has no id, so that no client cache mistakes it for now.',
  interfaces: [IncidentState],
  fields: (t) => ({
    incident: t.field({
      type: Incident,
      description: 'The incident as it is now.',
      resolve: ({ state }, _args, context) => incidentNow(state.id, context),
    }),
  }),
});
