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
  'INCIDENT_MERGED',
  'INCIDENT_ABSORBED',
  'INCIDENT_SIGNAL_SPLIT',
];

/**
 * Who holds which dedup key, or held it last, made again from the events that move keys, in the order of the ledger: a
 * reopening takes a key back only if nobody held it at that moment.
 */
export async function compareDedupKeys(database: Database, organizationId: string): Promise<Difference[]> {
  const holders: Holders = new Map();
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
  const stored = await database.asOrganization<Holder & { key: string }>(
    organizationId,
    'SELECT key, incident_id, held FROM warroom.dedup_key WHERE organization_id = $1',
    [organizationId],
  );
  return compareRows('dedup_key', holders, new Map(stored.map((row) => [row.key, row])));
}

/** Columns of dedup_key. */
type Holder = { readonly incident_id: string; readonly held: boolean };
type Holders = Map<string, Holder>;

function move(holders: Holders, keysOf: Map<string, readonly string[]>, event: IncidentEvent): void {
  const gained = keysGained(event);
  const dedupKeys = [...new Set([...(keysOf.get(event.incident) ?? []), ...gained])].slice(0, listLimit);
  if (dedupKeys.length === 0) return;
  const left = event.type === 'INCIDENT_SIGNAL_SPLIT' ? event.payload.dedupKeys : [];
  keysOf.set(
    event.incident,
    dedupKeys.filter((key) => !left.includes(key)),
  );
  const moves = dedupKeyMoves([event], { dedupKeys });
  if (moves === null) return;
  const ours = { incident_id: event.incident, held: true };
  for (const key of moves.take) holders.set(key, ours);
  for (const key of moves.retake) if (holders.get(key)?.held !== true) holders.set(key, ours);
  for (const key of moves.release) {
    if (holders.get(key)?.incident_id === event.incident) holders.set(key, { ...ours, held: false });
  }
}

function keysGained(event: IncidentEvent): readonly string[] {
  if (event.type === 'INCIDENT_CREATED' || event.type === 'INCIDENT_ABSORBED') return event.payload.dedupKeys;
  return event.type === 'INCIDENT_UPDATED' ? (event.payload.changes.addedDedupKeys ?? []) : [];
}
