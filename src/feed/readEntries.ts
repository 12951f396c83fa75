import type { AdministrationEvent } from '../domain/administration/events.ts';
import type { IncidentEvent } from '../domain/incident/events.ts';
import { evolve } from '../domain/incident/evolve.ts';
import type { IncidentRecord, IncidentState } from '../domain/incident/state.ts';
import type { Instant } from '../domain/instant.ts';
import { decodeBody } from '../domain/ledger/body.ts';
import { type Ledger, type LedgerEntry, type LedgerEventType, ledgers } from '../domain/ledger/ledger.ts';
import type { Database } from '../store/database.ts';
import type { FeedEntry } from './entry.ts';
import { statesBefore } from './statesBefore.ts';
import type { Page } from './tail.ts';

/** A page ends with the entry whose body takes it past this many bytes of bodies. */
const pageBytes = 1_000_000;

type EventRow = {
  readonly sequence: string;
  readonly number: number;
  readonly incident_id: string | null;
  readonly version: number | null;
  readonly type: string;
  readonly command_id: string;
  readonly at: Instant;
  readonly is_public: boolean;
  readonly severity: LedgerEntry['severity'];
  readonly previous_hash: Buffer;
  readonly hash: Buffer;
  readonly body: string;
  readonly bytes: string;
};

const pageSql = `
  select sequence, number, incident_id, version, type, command_id, at, is_public, severity, previous_hash, hash, body, bytes
    from (select e.*, sum(octet_length(body)) over (order by sequence) as bytes
            from (select * from warroom.ledger_event
                   where organization_id = $1 and ledger = $2 and sequence > $3
                   order by sequence limit $4) e) page
   where bytes - octet_length(body) < ${pageBytes}
   order by sequence`;

/**
 * The entries right after `after`, at most `limit` (≤ 500) and about 1 MB of bodies, each with the incident right
 * after it. Two statements; no snapshot is held between them, which an append-only ledger does not need.
 */
export async function readEntries(
  database: Database,
  organizationId: string,
  ledger: Ledger,
  after: number,
  limit: number,
): Promise<Page> {
  const rows = await database.asOrganization<EventRow>(organizationId, pageSql, [
    organizationId,
    ledgers.indexOf(ledger),
    after,
    limit,
  ]);
  const complete = rows.length < limit && Number(rows.at(-1)?.bytes ?? 0) < pageBytes;
  const entries = rows.map((row) => entryOf(organizationId, ledger, row));
  return { entries: await withStates(database, organizationId, entries), complete };
}

type Bare =
  | { readonly ledger: 'INCIDENTS'; readonly entry: Extract<FeedEntry, { after: IncidentRecord }>['entry'] }
  | { readonly ledger: 'ADMINISTRATION'; readonly entry: Extract<FeedEntry, { after: null }>['entry'] };

function entryOf(organizationId: string, ledger: Ledger, row: EventRow): Bare {
  const common = {
    organizationId,
    sequence: Number(row.sequence),
    number: row.number,
    type: row.type as LedgerEventType,
    commandId: row.command_id,
    at: row.at,
    isPublic: row.is_public,
    severity: row.severity,
    previousHash: row.previous_hash.toString('hex'),
    hash: row.hash.toString('hex'),
    body: row.body,
  };
  if (ledger === 'ADMINISTRATION') {
    const event: AdministrationEvent = decodeBody<'ADMINISTRATION'>(row.body);
    return { ledger, entry: { ...common, ledger, incidentId: null, version: null, event } };
  }
  if (row.incident_id === null || row.version === null)
    throw new Error(`Event ${row.sequence} has no incident.`);
  const event = decodeBody(row.body);
  return { ledger, entry: { ...common, ledger, incidentId: row.incident_id, version: row.version, event } };
}

async function withStates(
  database: Database,
  organizationId: string,
  bare: readonly Bare[],
): Promise<readonly FeedEntry[]> {
  const first = new Map<string, number>();
  for (const { ledger, entry } of bare) {
    if (ledger === 'INCIDENTS' && !first.has(entry.incidentId)) first.set(entry.incidentId, entry.version);
  }
  const states = await statesBefore(database, organizationId, first);
  return bare.map((item): FeedEntry => {
    if (item.ledger === 'ADMINISTRATION') return { entry: item.entry, after: null };
    const { entry } = item;
    const state = stateAfter(states.get(entry.incidentId) ?? null, entry.event);
    states.set(entry.incidentId, state);
    const { number, sequence } = entry;
    return { entry, after: { state, number, sequence, policyVersion: entry.event.policyVersion } };
  });
}

/** An event of a type this program does not know changes nothing it knows of: it is passed on as it is. */
function stateAfter(before: IncidentState | null, event: IncidentEvent): IncidentState {
  try {
    return evolve(before, event);
  } catch (error) {
    if (before === null) throw error;
    return { ...before, version: event.version, updatedAt: event.at };
  }
}
