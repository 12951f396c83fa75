import type { LedgerHead } from '../domain/ledger/head.ts';
import type { Ledger } from '../domain/ledger/ledger.ts';
import type { Difference } from './compareRows.ts';
import type { BulkActionEvidence, StrayPage } from './read/bulkActionEvidence.ts';

/** A row of a ledger exactly as its columns hold it, for checking; hashes in hexadecimal, `at` as ISO text. */
export interface LedgerRow {
  readonly sequence: number;
  readonly number: number;
  readonly incidentId: string | null;
  readonly version: number | null;
  readonly type: string;
  readonly commandId: string;
  readonly at: string;
  readonly isPublic: boolean;
  readonly severity: string | null;
  readonly previousHash: string;
  readonly hash: string;
  readonly body: string;
}

/**
 * Where ledgers are read from to be verified: the database itself, or the control socket of the server that has the
 * embedded one open. Read by key, page by page: never a long snapshot.
 */
export interface LedgerSource {
  /** At most 10,000 organizations, by slug. */
  organizations(): Promise<readonly { readonly id: string; readonly slug: string }[]>;
  head(organizationId: string, ledger: Ledger): Promise<LedgerHead | null>;
  /** Rows with a sequence over `after`, in order, at most `limit` (≤ 5,000). */
  rows(organizationId: string, ledger: Ledger, after: number, limit: number): Promise<readonly LedgerRow[]>;
  /** What there is of a bulk action; null when it has no row. */
  bulkAction(organizationId: string, id: string): Promise<BulkActionEvidence | null>;
  /** Rows of bulk actions that no event tells of; of the next `limit` (≤ 1,000) bulk actions by id. */
  strayBulkActions(organizationId: string, after: string, limit: number): Promise<StrayPage>;
  /** Where the table of superadmins says something else than the platform's ledger. */
  superadminDifferences(): Promise<readonly Difference[]>;
  close(): Promise<void>;
}
