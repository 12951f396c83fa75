import type { LedgerHead } from '../../domain/ledger/head.ts';
import { type Ledger, ledgers } from '../../domain/ledger/ledger.ts';
import { compareSuperadmins } from '../compareSuperadmins.ts';
import type { Database } from '../database.ts';
import type { LedgerRow, LedgerSource } from '../ledgerSource.ts';
import { bulkActionEvidence, strayBulkActions } from './bulkActionEvidence.ts';

const noHash = '0'.repeat(64);

/** The head of one ledger as the database has it; null when the organization is unknown. */
async function readLedgerHead(
  database: Database,
  organizationId: string,
  ledger: Ledger,
): Promise<LedgerHead | null> {
  const rows = await database.asOrganization<{ sequence: string; hash: string | null; at: string }>(
    organizationId,
    `select sequence, encode(hash, 'hex') as hash, at from warroom.ledger_head
      where organization_id = $1 and ledger = $2`,
    [organizationId, ledgers.indexOf(ledger)],
  );
  const row = rows[0];
  if (row === undefined) return null;
  const sequence = Number(row.sequence);
  return { organizationId, ledger, sequence, hash: row.hash ?? noHash, at: row.at };
}

/** Rows of one ledger with a sequence over `after`, in order; at most `limit`. */
async function readLedgerRows(
  database: Database,
  organizationId: string,
  ledger: Ledger,
  after: number,
  limit: number,
): Promise<readonly LedgerRow[]> {
  const rows = await database.asOrganization<{
    sequence: string;
    number: number;
    incident_id: string | null;
    version: number | null;
    type: string;
    command_id: string;
    at: string;
    is_public: boolean;
    severity: string | null;
    previous_hash: string;
    hash: string;
    body: string;
  }>(
    organizationId,
    // As a bare column: cast to text under its own name, it would be sorted as text too.
    `select sequence, number, incident_id, version, type, command_id, at, is_public, severity,
            encode(previous_hash, 'hex') as previous_hash, encode(hash, 'hex') as hash, body
       from warroom.ledger_event
      where organization_id = $1 and ledger = $2 and sequence > $3
      order by sequence limit $4`,
    [organizationId, ledgers.indexOf(ledger), after, Math.min(limit, 5_000)],
  );
  return rows.map((row) => ({
    sequence: Number(row.sequence),
    number: row.number,
    incidentId: row.incident_id,
    version: row.version,
    type: row.type,
    commandId: row.command_id,
    at: row.at,
    isPublic: row.is_public,
    severity: row.severity,
    previousHash: row.previous_hash,
    hash: row.hash,
    body: row.body,
  }));
}

/** The database itself as a source to verify from. Closing it leaves the database open: its opener closes it. */
export function databaseLedgerSource(database: Database): LedgerSource {
  return {
    organizations: () =>
      database.asPlatform<{ id: string; slug: string }>(
        'select organization_id as id, slug from warroom.organization order by slug limit 10000',
      ),
    head: (organizationId, ledger) => readLedgerHead(database, organizationId, ledger),
    rows: (organizationId, ledger, after, limit) =>
      readLedgerRows(database, organizationId, ledger, after, limit),
    bulkAction: (organizationId, id) => bulkActionEvidence({ database, organizationId }, id),
    strayBulkActions: (organizationId, after, limit) =>
      strayBulkActions({ database, organizationId }, after, Math.min(limit, 1_000)),
    superadminDifferences: () => compareSuperadmins(database),
    close: async () => {},
  };
}
