import type { Joinable } from '../../domain/incident/decision.ts';
import type { ReadScope } from './scope.ts';

/** The open incidents that signals may join which only join: of those looked for, the ones that were found. */
export async function joinable(
  { database, organizationId }: ReadScope,
  wanted: readonly Joinable[],
): Promise<readonly (Joinable & { readonly incidentId: string })[]> {
  if (wanted.length === 0) return [];
  const rows = await database.asOrganization<{ kind: Joinable['kind']; key: string; incident_id: string }>(
    organizationId,
    'SELECT kind, key, incident_id FROM warroom.load_joinable($1, $2)',
    [organizationId, JSON.stringify(wanted)],
  );
  return rows.map(({ kind, key, incident_id: incidentId }) => ({ kind, key, incidentId }));
}
