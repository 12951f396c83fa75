import { ledgers } from '../domain/ledger/ledger.ts';
import type { Database } from '../store/database.ts';
import { runsHead } from '../store/read/runs.ts';
import { type Followed, followed } from './entry.ts';

/** Where something that is followed ends. */
export interface FollowedHead {
  readonly organizationId: string;
  readonly ledger: Followed;
  readonly sequence: number;
}

/** The last sequence of a ledger, or of the runs; 0 when there is none. @throws the database's error. */
export async function readHead(
  database: Database,
  organizationId: string,
  ledger: Followed,
): Promise<number> {
  if (ledger === 'RUNS') return runsHead({ database, organizationId });
  const [row] = await database.asOrganization<{ sequence: string }>(
    organizationId,
    'select sequence::text from warroom.ledger_head where organization_id = $1 and ledger = $2',
    [organizationId, ledgers.indexOf(ledger)],
  );
  return Number(row?.sequence ?? 0);
}

/** All that is followed of these organizations, in one statement. @throws the database's error. */
export async function readHeads(
  database: Database,
  organizations: readonly string[],
): Promise<readonly FollowedHead[]> {
  const rows = await database.asPlatform<{ organization_id: string; ledger: number; sequence: string }>(
    `select organization_id, ledger, sequence::text from warroom.ledger_head where organization_id = any($1::uuid[])
     union all
     select organization_id, ${followed.indexOf('RUNS')}, sequence::text from warroom.run_head
      where organization_id = any($1::uuid[])`,
    [organizations],
  );
  return rows.map((row) => ({
    organizationId: row.organization_id,
    ledger: followed[row.ledger] as Followed,
    sequence: Number(row.sequence),
  }));
}
