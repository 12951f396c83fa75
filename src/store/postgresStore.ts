import { ledgers } from '../domain/ledger/ledger.ts';
import { claim } from './claim.ts';
import { commit } from './commit.ts';
import type { Database } from './database.ts';
import { load } from './load.ts';
import type { WriteStore } from './port.ts';
import { entryColumns, ledgerEntryOf } from './read/ledgerEntry.ts';

/** Entries and incidents answered at once. */
const entriesAtMost = 1_000;
const incidentsAtMost = 500;

/** The write side's view of PostgreSQL, embedded or a server. */
export function createPostgresStore(database: Database): WriteStore {
  return {
    load: (request) => load(database, request),
    commit: (batch) => commit(database, batch),
    claim: (request) => claim(database, request),
    async entries(organizationId, ledger, first, last) {
      const rows = await database.asOrganization(
        organizationId,
        `SELECT ${entryColumns} FROM warroom.ledger_event e
         WHERE e.organization_id = $1 AND e.ledger = $2 AND e.sequence BETWEEN $3 AND $4
         ORDER BY e.sequence LIMIT ${entriesAtMost}`,
        [organizationId, ledgers.indexOf(ledger), first, last],
      );
      return rows.map(ledgerEntryOf);
    },
    async entryAtVersion(organizationId, incidentId, version) {
      const [row] = await database.asOrganization(
        organizationId,
        `SELECT ${entryColumns} FROM warroom.ledger_event e
         WHERE e.organization_id = $1 AND e.incident_id = $2 AND e.version = $3`,
        [organizationId, incidentId, version],
      );
      return row === undefined ? null : ledgerEntryOf(row);
    },
    async plannedUnderOlderPolicy(organizationId, afterIncidentId) {
      const rows = await database.asOrganization<{ id: string }>(
        organizationId,
        `SELECT i.id FROM warroom.incident_list l
         JOIN warroom.incident i ON i.organization_id = l.organization_id AND i.id = l.incident_id
         WHERE l.organization_id = $1 AND l.is_open AND l.incident_id > $2
           AND i.policy_version < (
             SELECT h.policy_version FROM warroom.ledger_head h WHERE h.organization_id = $1 AND h.ledger = 0)
         ORDER BY l.incident_id LIMIT ${incidentsAtMost}`,
        [organizationId, afterIncidentId ?? '00000000-0000-0000-0000-000000000000'],
      );
      return rows.map(({ id }) => id);
    },
  };
}
