import { decodeBody } from '../../domain/ledger/body.ts';
import type { AdministrationEntry, IncidentEntry, LedgerEntry } from '../../domain/ledger/ledger.ts';

/** An entry of the incidents ledger with its body parsed. */
export function incidentEntry(entry: LedgerEntry): IncidentEntry {
  if (entry.ledger !== 'INCIDENTS' || entry.incidentId === null || entry.version === null) {
    throw new Error(`Entry ${entry.sequence} is not of the incidents ledger.`);
  }
  const { incidentId, version } = entry;
  return { ...entry, ledger: 'INCIDENTS', incidentId, version, event: decodeBody(entry.body) };
}

/** An entry of the administration ledger with its body parsed. */
export function administrationEntry(entry: LedgerEntry): AdministrationEntry {
  if (entry.ledger !== 'ADMINISTRATION')
    throw new Error(`Entry ${entry.sequence} is not of the administration ledger.`);
  return { ...entry, ledger: 'ADMINISTRATION', event: decodeBody<'ADMINISTRATION'>(entry.body) };
}
