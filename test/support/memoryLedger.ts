import type { LedgerHead } from '../../src/domain/ledger/head.ts';
import type { Ledger } from '../../src/domain/ledger/ledger.ts';
import { entryHash } from '../../src/store/hash.ts';
import type { LedgerRow, LedgerSource } from '../../src/store/ledgerSource.ts';

/** A ledger in memory that tests may tamper with: rows and head are plain data. */
export interface MemoryLedger {
  readonly organizationId: string;
  rows: LedgerRow[];
  head: LedgerHead;
}

const organizationId = '01900000-0000-7000-8000-000000000001';

/** The rows chained anew from `from` (an index), as someone with write access and the program could. */
export function rechain(rows: readonly LedgerRow[], from: number): LedgerRow[] {
  const chained = rows.slice(0, from);
  for (let index = from; index < rows.length; index += 1) {
    const previousHash = chained[index - 1]?.hash ?? '0'.repeat(64);
    const row = { ...(rows[index] as LedgerRow), sequence: index + 1, previousHash };
    chained.push({ ...row, hash: entryHash({ organizationId, ledger: 'INCIDENTS', ...row }) });
  }
  return chained;
}

/** The head that fits these rows. */
export function headOf(rows: readonly LedgerRow[]): LedgerHead {
  const last = rows.at(-1);
  return {
    organizationId,
    ledger: 'INCIDENTS',
    sequence: last?.sequence ?? 0,
    hash: last?.hash ?? '0'.repeat(64),
    at: last?.at ?? '2026-01-01T00:00:00.000Z',
  };
}

/** A sound ledger: `incidents` incidents of three events each, interleaved. */
export function memoryLedger(incidents: number): MemoryLedger {
  const rows: LedgerRow[] = [];
  for (const version of [1, 2, 3]) {
    for (let number = 1; number <= incidents; number += 1) {
      const incidentId = `01900000-0000-7000-8000-${String(number).padStart(12, '0')}`;
      const type = version === 1 ? 'INCIDENT_CREATED' : 'INCIDENT_NOTE_ADDED';
      const commandId = `01900000-0000-7000-9000-${String(rows.length + 1).padStart(12, '0')}`;
      const at = new Date(1_700_000_000_000 + rows.length * 1_000).toISOString();
      const isPublic = number % 2 === 0;
      const severity = 'SEV2';
      const body = JSON.stringify({
        type,
        incident: incidentId,
        version,
        commandId,
        at,
        isPublic,
        severity,
        payload: { n: rows.length },
      });
      rows.push({
        sequence: rows.length + 1,
        number,
        incidentId,
        version,
        type,
        commandId,
        at,
        isPublic,
        severity,
        previousHash: '',
        hash: '',
        body,
      });
    }
  }
  const chained = rechain(rows, 0);
  return { organizationId, rows: chained, head: headOf(chained) };
}

/** The ledger as a source to verify from; its administration ledger is empty. */
export function memoryLedgerSource(ledger: MemoryLedger): LedgerSource {
  const empty = (kind: Ledger): LedgerHead => ({
    organizationId,
    ledger: kind,
    sequence: 0,
    hash: '0'.repeat(64),
    at: ledger.head.at,
  });
  return {
    organizations: async () => [{ id: organizationId, slug: 'memory' }],
    head: async (_organization, kind) => (kind === 'INCIDENTS' ? ledger.head : empty(kind)),
    rows: async (_organization, kind, after, limit) =>
      kind === 'INCIDENTS' ? ledger.rows.filter((row) => row.sequence > after).slice(0, limit) : [],
    bulkAction: async () => null,
    strayBulkActions: async () => ({ strays: [], next: null }),
    superadminDifferences: async () => [],
    close: async () => {},
  };
}
