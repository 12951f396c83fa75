import { platform } from '../domain/administration/platform.ts';
import { decodeBody } from '../domain/ledger/body.ts';
import { compareRows, type Difference } from './compareRows.ts';
import type { Database } from './database.ts';
import { rowsOf } from './projection.ts';

type Row = Readonly<Record<string, unknown>>;

const pageSize = 1_000;

/** Grants and revocations that may come between, one after the other, before the comparison is given up. */
const triesAtMost = 10;

/**
 * Who is and was a superadmin, made again from the platform's administration ledger and compared with the table that
 * says who may act in every organization. Nothing is wrong because somebody is granted it meanwhile.
 * @throws Error when that goes on and on.
 */
export async function compareSuperadmins(database: Database): Promise<readonly Difference[]> {
  let { expected, sequence } = await grantsInLedger(database);
  for (let tries = 0; tries < triesAtMost; tries += 1) {
    const differences = compareRows('superadmin', expected, await grantsInTable(database));
    if (differences.length === 0) return [];
    const again = await grantsInLedger(database);
    if (again.sequence === sequence) return differences;
    ({ expected, sequence } = again);
  }
  throw new Error('Superadmins were granted and taken back again and again meanwhile: verify again.');
}

const keyOf = (row: Row): string => `${row.user_id} ${row.granted_at}`;

/** What `write_superadmins` ought to have left, and the last entry that says something of it. */
async function grantsInLedger(
  database: Database,
): Promise<{ readonly expected: ReadonlyMap<string, Row>; readonly sequence: number }> {
  const expected = new Map<string, Row>();
  let sequence = 0;
  for (;;) {
    const page = await database.asOrganization<{ sequence: string; body: string }>(
      platform.organizationId,
      `SELECT sequence, body FROM warroom.ledger_event
       WHERE organization_id = $1 AND ledger = 1 AND sequence > $2
         AND type IN ('SUPERADMIN_GRANTED', 'SUPERADMIN_REVOKED')
       ORDER BY sequence LIMIT ${pageSize}`,
      [platform.organizationId, sequence],
    );
    for (const entry of page) {
      sequence = Number(entry.sequence);
      const { superadmin_grant, superadmin_revocation } = rowsOf(
        decodeBody<'ADMINISTRATION'>(entry.body),
      ).rows;
      for (const row of superadmin_revocation ?? []) revoke(expected, row);
      for (const row of superadmin_grant ?? []) expected.set(keyOf(row), { ...row, revoked_at: null });
    }
    if (page.length < pageSize) return { expected, sequence };
  }
}

function revoke(expected: Map<string, Row>, { user_id, revoked_at }: Row): void {
  for (const [key, row] of expected) {
    if (row.user_id !== user_id || row.revoked_at !== null) continue;
    const grantedAt = String(row.granted_at);
    // Both are ISO texts of one length.
    expected.set(key, { ...row, revoked_at: String(revoked_at) < grantedAt ? grantedAt : revoked_at });
  }
}

async function grantsInTable(database: Database): Promise<ReadonlyMap<string, Row>> {
  const rows = new Map<string, Row>();
  for (let userId = '', grantedAt = '-infinity'; ; ) {
    const page = await database.asPlatform<{ user_id: string; granted_at: string }>(
      `SELECT user_id, granted_at, revoked_at FROM warroom.superadmin
       WHERE (user_id, granted_at) > ($1, $2::timestamptz)
       ORDER BY superadmin.user_id, superadmin.granted_at LIMIT ${pageSize}`,
      [userId, grantedAt],
    );
    for (const row of page) rows.set(keyOf(row), row);
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return rows;
    ({ user_id: userId, granted_at: grantedAt } = last);
  }
}
