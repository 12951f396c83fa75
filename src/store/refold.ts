import { evolve } from '../domain/incident/evolve.ts';
import type { IncidentState } from '../domain/incident/state.ts';
import { decodeBody } from '../domain/ledger/body.ts';
import type { Database } from './database.ts';

/** Events read at once; an incident with more is folded page by page. */
const pageSize = 5_000;

/**
 * The states of these incidents folded from their first event on, whatever the stored states and snapshots say: for
 * states of an older shape, and for checking.
 */
export async function refold(
  database: Database,
  organizationId: string,
  incidentIds: readonly string[],
): Promise<Map<string, IncidentState>> {
  const states = new Map<string, IncidentState>();
  const ids = [...incidentIds].sort();
  let last: { id: string; version: number } | null = ids[0] === undefined ? null : { id: ids[0], version: 0 };
  while (last !== null) {
    const rows: { incident_id: string; version: number; body: string }[] = await database.asOrganization(
      organizationId,
      `SELECT e.incident_id, e.version, e.body FROM warroom.ledger_event e
       WHERE e.organization_id = $1 AND e.incident_id = ANY($2::uuid[])
         AND (e.incident_id, e.version) > ($3::uuid, $4::int)
       ORDER BY e.incident_id, e.version LIMIT ${pageSize}`,
      [organizationId, ids.filter((id) => last !== null && id >= last.id), last.id, last.version],
    );
    for (const { incident_id: id, version, body } of rows) {
      states.set(id, evolve(states.get(id) ?? null, decodeBody(body)));
      last = { id, version };
    }
    if (rows.length < pageSize) last = null;
  }
  return states;
}
