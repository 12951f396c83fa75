import { decodeBody } from '../domain/ledger/body.ts';
import { compareRows, type Difference } from './compareRows.ts';
import type { Database } from './database.ts';
import { type ExpectedRows, rowKey } from './expectedRows.ts';
import { rowsOf } from './projection.ts';

const pageSize = 1_000;
const tables = ['service', 'team', 'project', 'team_member'] as const;

/**
 * Services, teams and projects, made again from the names that incidents made (`made`) and from what administration did
 * to them since, compared with what is stored. The two ledgers need no common order: an entry is made once, before
 * anything happens to it, and everything that happens to one is in the ledger of administration.
 */
export async function compareCatalogue(
  database: Database,
  organizationId: string,
  made: ExpectedRows,
): Promise<Difference[]> {
  for (let after = 0; ; ) {
    const rows = await database.asOrganization<{ sequence: string; body: string }>(
      organizationId,
      `SELECT sequence, body FROM warroom.ledger_event
       WHERE organization_id = $1 AND ledger = 1 AND sequence > $2 ORDER BY sequence LIMIT ${pageSize}`,
      [organizationId, after],
    );
    for (const { sequence, body } of rows) {
      after = Number(sequence);
      made.apply(rowsOf(decodeBody<'ADMINISTRATION'>(body)));
    }
    if (rows.length < pageSize) break;
  }
  const differences: Difference[] = [];
  for (const table of tables) {
    const stored = await database.asOrganization(
      organizationId,
      `SELECT * FROM warroom.${table} WHERE organization_id = $1`,
      [organizationId],
    );
    const byKey = new Map(stored.map((row) => [rowKey(table, row), row]));
    differences.push(...compareRows(table, made.table(table), byKey));
  }
  return differences;
}
