import type { IncidentState } from '../domain/incident/state.ts';
import { decodeBody } from '../domain/ledger/body.ts';
import {
  type AdministrationEntry,
  type Ledger,
  type LedgerEventType,
  ledgers,
} from '../domain/ledger/ledger.ts';
import type { Database } from '../store/database.ts';
import type { LedgerFeedEntry } from './entry.ts';
import { type EventRow, ReadEntry } from './readEntry.ts';
import { stateAfter, statesBefore } from './statesBefore.ts';
import type { KnownState, Page } from './tail.ts';

/** A page ends with the entry whose body takes it past this many bytes of bodies. */
const pageBytes = 1_000_000;

const pageSql = `
  select sequence, number, incident_id, version, type, command_id, at, is_public, severity,
         encode(previous_hash, 'hex') as previous_hash, encode(hash, 'hex') as hash, body, bytes
    from (select e.*, sum(octet_length(body)) over (order by sequence) as bytes
            from (select * from warroom.ledger_event
                   where organization_id = $1 and ledger = $2 and sequence > $3
                   order by sequence limit $4) e) page
   where bytes - octet_length(body) < ${pageBytes}
   order by sequence`;

/** Which entries to read: those right after `after`, at most `limit` (≤ 500) and about 1 MB of bodies. */
export interface PageOptions {
  readonly organizationId: string;
  readonly ledger: Ledger;
  readonly after: number;
  readonly limit: number;
  /** What is known of incidents before they are read. Null: no incidents are wanted, and nothing is folded. */
  readonly states: KnownState | null;
}

/**
 * A page of entries, each with the incident right after it unless none are wanted or it cannot be known here. One statement, and a second one for
 * incidents that are not known; no snapshot is held between them, which an append-only ledger does not need. Bodies are
 * parsed when someone looks at an entry's `event`.
 */
export async function readEntries(database: Database, options: PageOptions): Promise<Page> {
  const { organizationId, ledger, after, limit, states } = options;
  const parameters = [organizationId, ledgers.indexOf(ledger), after, limit];
  const rows = await database.asOrganization<EventRow>(organizationId, pageSql, parameters, 'feed-page');
  const complete = rows.length < limit && Number(rows.at(-1)?.bytes ?? 0) < pageBytes;
  const entries = rows.map((row) => entryOf(organizationId, ledger, row));
  return {
    entries: states === null ? entries : await withStates(database, organizationId, entries, states),
    complete,
  };
}

/** An entry of its own, the incident after it not known yet. */
function entryOf(organizationId: string, ledger: Ledger, row: EventRow): LedgerFeedEntry {
  if (ledger === 'INCIDENTS') return { entry: new ReadEntry(organizationId, row), after: null };
  const entry: AdministrationEntry = {
    organizationId,
    ledger,
    sequence: Number(row.sequence),
    number: row.number,
    incidentId: null,
    version: null,
    type: row.type as LedgerEventType,
    commandId: row.command_id,
    at: row.at,
    isPublic: row.is_public,
    severity: row.severity,
    previousHash: row.previous_hash,
    hash: row.hash,
    body: row.body,
    event: decodeBody<'ADMINISTRATION'>(row.body),
  };
  return { entry, after: null };
}

async function withStates(
  database: Database,
  organizationId: string,
  bare: readonly LedgerFeedEntry[],
  known: KnownState,
): Promise<readonly LedgerFeedEntry[]> {
  const states = new Map<string, IncidentState | null>();
  const unknown = new Map<string, number>();
  for (const { entry } of bare) {
    if (entry.ledger !== 'INCIDENTS' || states.has(entry.incidentId) || unknown.has(entry.incidentId))
      continue;
    const before = known(entry.incidentId, entry.version - 1);
    if (before === null) unknown.set(entry.incidentId, entry.version);
    else states.set(entry.incidentId, before);
  }
  for (const [id, state] of await statesBefore(database, organizationId, unknown)) states.set(id, state);
  return bare.map((item): LedgerFeedEntry => {
    const { entry } = item;
    if (entry.ledger === 'ADMINISTRATION') return item;
    const state = stateAfter(states.get(entry.incidentId), entry.event);
    states.set(entry.incidentId, state);
    if (state === null) return item;
    const { number, sequence } = entry;
    return { entry, after: { state, number, sequence, policyVersion: entry.event.policyVersion } };
  });
}
