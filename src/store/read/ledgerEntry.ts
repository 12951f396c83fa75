import type { IncidentSeverity } from '../../domain/incident/vocabulary.ts';
import { decodeBody } from '../../domain/ledger/body.ts';
import {
  type AdministrationEntry,
  type IncidentEntry,
  type LedgerEntry,
  type LedgerEventType,
  ledgers,
} from '../../domain/ledger/ledger.ts';
import type { Row } from '../database.ts';

/** The columns {@link ledgerEntryOf} needs, of `ledger_event` as `e`; hashes as hexadecimal text. */
export const entryColumns = `e.organization_id, e.ledger, e.sequence, e.number, e.incident_id, e.version, e.type,
  e.command_id, e.at, e.is_public, e.severity, encode(e.previous_hash, 'hex') AS previous_hash,
  encode(e.hash, 'hex') AS hash, e.body`;

/** A row with {@link entryColumns} as a ledger entry. */
export function ledgerEntryOf(row: Row): LedgerEntry {
  return {
    organizationId: row.organization_id as string,
    ledger: ledgers[Number(row.ledger) as 0 | 1],
    sequence: Number(row.sequence),
    number: Number(row.number),
    incidentId: row.incident_id as string | null,
    version: row.version === null ? null : Number(row.version),
    type: row.type as LedgerEventType,
    commandId: row.command_id as string,
    at: row.at as string,
    isPublic: row.is_public as boolean,
    severity: row.severity as IncidentSeverity | null,
    previousHash: row.previous_hash as string,
    hash: row.hash as string,
    body: row.body as string,
  };
}

/**
 * A stored entry whose event is read from its body when somebody asks: most lists show no more than the columns say.
 */
export function parsedEntry(entry: LedgerEntry): IncidentEntry | AdministrationEntry {
  let event: IncidentEntry['event'] | AdministrationEntry['event'] | null = null;
  const parsed = {
    ...entry,
    get event() {
      event ??= decodeBody<typeof entry.ledger>(entry.body);
      return event;
    },
  };
  return parsed as unknown as IncidentEntry | AdministrationEntry;
}
