import type { IncidentEvent } from '../domain/incident/events.ts';
import { listLimit } from '../domain/incident/state.ts';
import { decodeBody } from '../domain/ledger/body.ts';
import { compareRows, type Difference } from './compareRows.ts';
import type { Database } from './database.ts';
import { dedupKeyMoves } from './dedupKeyMoves.ts';

const pageSize = 2_000;
const moving = [
  'INCIDENT_CREATED',
  'INCIDENT_UPDATED',
  'INCIDENT_RESOLVED',
  'INCIDENT_CANCELLED',
  'INCIDENT_REOPENED',
];

/**
 * Who holds which dedup key, made again from the events that move keys, in the order of the ledger: a reopening takes
 * a key back only if nobody held it at that moment.
 */
export async function compareDedupKeys(database: Database, organizationId: string): Promise<Difference[]> {
  const holders = new Map<string, string>();
  /** Of incidents that have any, all they ever had: what a reopening takes back. */
  const keysOf = new Map<string, readonly string[]>();
  for (let after = 0; ; ) {
    const rows = await database.asOrganization<{ sequence: string; body: string }>(
      organizationId,
      `SELECT sequence, body FROM warroom.ledger_event
       WHERE organization_id = $1 AND ledger = 0 AND sequence > $2
         AND type = ANY($3::text[])
       ORDER BY sequence LIMIT ${pageSize}`,
      [organizationId, after, moving],
    );
    for (const { sequence, body } of rows) {
      after = Number(sequence);
      move(holders, keysOf, decodeBody(body));
    }
    if (rows.length < pageSize) break;
  }
  const stored = await database.asOrganization<{ key: string; incident_id: string }>(
    organizationId,
    'SELECT key, incident_id FROM warroom.dedup_key WHERE organization_id = $1',
    [organizationId],
  );
  return compareRows(
    'dedup_key',
    new Map([...holders].map(([key, incident_id]) => [key, { incident_id }])),
    new Map(stored.map((row) => [row.key, row])),
  );
}

function move(
  holders: Map<string, string>,
  keysOf: Map<string, readonly string[]>,
  event: IncidentEvent,
): void {
  const gained = keysGained(event);
  const dedupKeys = [...new Set([...(keysOf.get(event.incident) ?? []), ...gained])].slice(0, listLimit);
  if (dedupKeys.length === 0) return;
  keysOf.set(event.incident, dedupKeys);
  const moves = dedupKeyMoves([event], { dedupKeys });
  if (moves === null) return;
  for (const key of moves.take) holders.set(key, event.incident);
  for (const key of moves.retake) if (!holders.has(key)) holders.set(key, event.incident);
  for (const key of moves.release) if (holders.get(key) === event.incident) holders.delete(key);
}

function keysGained(event: IncidentEvent): readonly string[] {
  if (event.type === 'INCIDENT_CREATED') return event.payload.dedupKeys;
  return event.type === 'INCIDENT_UPDATED' ? (event.payload.changes.addedDedupKeys ?? []) : [];
}
