import type { LedgerHead } from '../../domain/ledger/head.ts';
import { type Ledger, ledgers } from '../../domain/ledger/ledger.ts';
import type { ReadScope } from './scope.ts';

/** The end of a ledger; null when the organization has none. */
export async function ledgerHead(scope: ReadScope, ledger: Ledger): Promise<LedgerHead | null> {
  const [row] = await scope.database.asOrganization<{ sequence: string; hash: string; at: string }>(
    scope.organizationId,
    `SELECT sequence, encode(hash, 'hex') AS hash, at FROM warroom.ledger_head
     WHERE organization_id = $1 AND ledger = $2`,
    [scope.organizationId, ledgers.indexOf(ledger)],
  );
  if (!row) return null;
  const { hash, at } = row;
  return { organizationId: scope.organizationId, ledger, sequence: Number(row.sequence), hash, at };
}
