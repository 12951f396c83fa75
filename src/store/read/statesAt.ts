import { evolve } from '../../domain/incident/evolve.ts';
import { type IncidentRecord, type IncidentState, stateShape } from '../../domain/incident/state.ts';
import { decodeBody } from '../../domain/ledger/body.ts';
import { inOrder, type ReadScope } from './scope.ts';

/** An incident right after one of its versions. */
export interface PastState {
  readonly incidentId: string;
  readonly version: number;
}

/**
 * Snapshots of another shape are passed over: the fold then starts from an older one, or from the first event. The
 * event of a snapshot itself is read too (it has number and sequence), and not folded.
 */
const sql = `
  WITH asked AS (
    SELECT a.place, a.incident_id, a.version, s.version AS base, s.state
    FROM unnest($2::uuid[], $3::int[]) WITH ORDINALITY AS a(incident_id, version, place)
    LEFT JOIN LATERAL (
      SELECT version, state FROM warroom.incident_snapshot
      WHERE organization_id = $1 AND incident_id = a.incident_id AND version <= a.version AND shape = $4
      ORDER BY version DESC LIMIT 1
    ) s ON true
  )
  SELECT asked.place, e.version, e.number, e.sequence, e.body,
    CASE WHEN e.version = asked.base THEN asked.state END AS state
  FROM asked CROSS JOIN LATERAL (
    SELECT version, number, sequence, body FROM warroom.ledger_event
    WHERE organization_id = $1 AND incident_id = asked.incident_id
      AND version BETWEEN coalesce(asked.base, 1) AND asked.version
    ORDER BY version
  ) e ORDER BY asked.place, e.version`;

/**
 * Incidents as they were right after these versions, in the order asked for, in one statement: the nearest snapshot
 * and at most 31 events folded onto it. Null for a version that does not exist.
 */
export async function statesAt(
  scope: ReadScope,
  asked: readonly PastState[],
): Promise<(IncidentRecord | null)[]> {
  const rows = await scope.database.asOrganization<{
    place: string;
    version: number;
    number: number;
    sequence: string;
    body: string;
    state: string | null;
  }>(scope.organizationId, sql, [
    scope.organizationId,
    asked.map(({ incidentId }) => incidentId),
    asked.map(({ version }) => version),
    stateShape,
  ]);
  const records = new Map<number, IncidentRecord>();
  for (const { place, number, sequence, body, state } of rows) {
    const event = decodeBody(body);
    const before = records.get(Number(place))?.state ?? null;
    records.set(Number(place), {
      state: state === null ? evolve(before, event) : (JSON.parse(state) as IncidentState),
      number,
      sequence: Number(sequence),
      policyVersion: event.policyVersion,
    });
  }
  const places = asked.map((_, index) => index + 1);
  for (const [index, { version }] of asked.entries()) {
    // Folding stopped short: the incident never had that version.
    if (records.get(index + 1)?.state.version !== version) records.delete(index + 1);
  }
  return inOrder(places, records);
}
