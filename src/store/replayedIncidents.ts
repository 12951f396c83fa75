import type { IncidentEvent } from '../domain/incident/events.ts';
import { evolve } from '../domain/incident/evolve.ts';
import type { IncidentState } from '../domain/incident/state.ts';
import { decodeBody } from '../domain/ledger/body.ts';
import type { Database } from './database.ts';

/** A state saved every 32nd version, as the events make it. */
export interface ReplayedSnapshot {
  readonly version: number;
  readonly sequence: number;
  readonly state: IncidentState;
}

/** One incident made again from all of its events. */
export interface ReplayedIncident {
  readonly id: string;
  readonly number: number;
  readonly sequence: number;
  readonly state: IncidentState;
  readonly events: readonly IncidentEvent[];
  readonly snapshots: readonly ReplayedSnapshot[];
}

/** Versions between two snapshots. */
const snapshotEvery = 32;
const pageSize = 2_000;

interface Place {
  readonly id: string;
  readonly version: number;
}

type EventRow = {
  readonly incident_id: string;
  readonly version: number;
  readonly number: number;
  readonly sequence: string;
  readonly body: string;
};

/**
 * Every incident of the organization with an id over `afterId`, by id, each folded from its first event. Reads page by
 * page and holds one incident at a time.
 */
export async function* replayedIncidents(
  database: Database,
  organizationId: string,
  afterId: string,
): AsyncGenerator<ReplayedIncident> {
  let place: Place = { id: afterId, version: 2 ** 31 - 1 };
  let current: { -readonly [K in keyof ReplayedIncident]: ReplayedIncident[K] } | null = null;
  for (;;) {
    const rows: EventRow[] = await database.asOrganization<EventRow>(
      organizationId,
      `SELECT * FROM warroom.replay_page($1, $2, $3, ${pageSize})`,
      [organizationId, place.id, place.version],
    );
    for (const row of rows) {
      if (current !== null && current.id !== row.incident_id) {
        yield current;
        current = null;
      }
      current = withEvent(current, row);
      place = { id: row.incident_id, version: row.version };
    }
    if (rows.length < pageSize) break;
  }
  if (current !== null) yield current;
}

function withEvent(before: ReplayedIncident | null, row: EventRow): ReplayedIncident {
  const event = decodeBody(row.body);
  const state = evolve(before?.state ?? null, event);
  const sequence = Number(row.sequence);
  const snapshots = before?.snapshots ?? [];
  return {
    id: row.incident_id,
    number: row.number,
    sequence,
    state,
    events: before === null ? [event] : append(before.events, event),
    snapshots:
      row.version % snapshotEvery === 0
        ? [...snapshots, { version: row.version, sequence, state }]
        : snapshots,
  };
}

/** The list is the fold's own, so adding to it in place keeps a long incident's replay linear. */
function append(events: readonly IncidentEvent[], event: IncidentEvent): readonly IncidentEvent[] {
  (events as IncidentEvent[]).push(event);
  return events;
}
