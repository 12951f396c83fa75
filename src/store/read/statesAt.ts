import type { IncidentEvent } from '../../domain/incident/events.ts';
import { evolve } from '../../domain/incident/evolve.ts';
import { type IncidentRecord, type IncidentState, stateShape } from '../../domain/incident/state.ts';
import { decodeBody } from '../../domain/ledger/body.ts';
import { UnknownEventError } from '../../domain/ledger/unknownEvent.ts';
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
 * and at most 31 events folded onto it. Null for a version that does not exist; UnknownEventError for one that lies
 * behind an event of a newer program.
 */
export async function statesAt(
  scope: ReadScope,
  asked: readonly PastState[],
): Promise<(IncidentRecord | UnknownEventError | null)[]> {
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
  const records = new Map<number, IncidentRecord | UnknownEventError>();
  for (const { place, number, sequence, body, state } of rows) {
    const event = decodeBody(body);
    const before = records.get(Number(place)) ?? null;
    const after = state === null ? stateAfter(before, event) : (JSON.parse(state) as IncidentState);
    records.set(
      Number(place),
      after instanceof UnknownEventError
        ? after
        : { state: after, number, sequence: Number(sequence), policyVersion: event.policyVersion },
    );
  }
  const places = asked.map((_, index) => index + 1);
  for (const [index, { version }] of asked.entries()) {
    const record = records.get(index + 1);
    // Folding stopped short: the incident never had that version.
    if (record && 'state' in record && record.state.version !== version) records.delete(index + 1);
  }
  return inOrder(places, records);
}

function stateAfter(
  before: IncidentRecord | UnknownEventError | null,
  event: IncidentEvent,
): IncidentState | UnknownEventError {
  if (before instanceof UnknownEventError) return before;
  try {
    return evolve(before?.state ?? null, event);
  } catch (error) {
    if (error instanceof UnknownEventError) return error;
    throw error;
  }
}
