import type { IncidentEvent } from '../domain/incident/events.ts';
import { evolve } from '../domain/incident/evolve.ts';
import { type IncidentState, stateShape } from '../domain/incident/state.ts';
import { decodeBody } from '../domain/ledger/body.ts';
import { UnknownEventError } from '../domain/ledger/unknownEvent.ts';
import type { Database } from '../store/database.ts';

/**
 * Snapshots of another shape are passed over: the fold then starts from an older one, or from the first event. Its plan
 * is kept, perhaps from when the tables were empty: OFFSET 0 leaves it no choice but to go by each incident's key.
 */
const sql = `
  with wanted as (
    select w.incident_id, w.version, s.version as base, s.state
      from unnest($2::uuid[], $3::int[]) as w(incident_id, version)
      left join lateral (
        select version, state from warroom.incident_snapshot
         where organization_id = $1 and incident_id = w.incident_id and version < w.version and shape = $4
         order by version desc limit 1) s on true)
  select incident_id, 0 as version, state as text from wanted where base is not null
  union all
  select wanted.incident_id, e.version, e.body
    from wanted, lateral (
      select version, body from warroom.ledger_event
       where organization_id = $1 and incident_id = wanted.incident_id
         and version > coalesce(wanted.base, 0) and version < wanted.version offset 0) e
   order by 1, 2`;

/**
 * The state of each incident right before the given version of it, in one statement: its nearest snapshot and at most
 * 31 events folded onto it. An incident's first event (version 1) has no state before it and is left out. Null where an
 * event of a newer program lies in between.
 */
export async function statesBefore(
  database: Database,
  organizationId: string,
  versions: ReadonlyMap<string, number>,
): Promise<Map<string, IncidentState | null>> {
  const wanted = [...versions].filter(([, version]) => version > 1);
  const states = new Map<string, IncidentState | null>();
  if (wanted.length === 0) return states;
  const rows = await database.asOrganization<{ incident_id: string; version: number; text: string }>(
    organizationId,
    sql,
    [organizationId, wanted.map(([id]) => id), wanted.map(([, version]) => version), stateShape],
    'feed-states',
  );
  for (const row of rows) {
    const state =
      row.version === 0
        ? (JSON.parse(row.text) as IncidentState)
        : stateAfter(states.get(row.incident_id), decodeBody(row.text));
    states.set(row.incident_id, state);
  }
  return states;
}

/**
 * The state after an event: `before` is undefined for an incident's first, and null when it is not known, as is then
 * the state after it. Null also after an event of a newer program.
 * @throws TypeError when the first event declares nothing: the ledger is broken.
 */
export function stateAfter(
  before: IncidentState | null | undefined,
  event: IncidentEvent,
): IncidentState | null {
  if (before === null) return null;
  try {
    return evolve(before ?? null, event);
  } catch (error) {
    if (error instanceof UnknownEventError) return null;
    throw error;
  }
}
