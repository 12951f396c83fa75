import type { AccessEntry } from '../domain/access/accessEntry.ts';
import type { Instant } from '../domain/instant.ts';
import type { Database } from './database.ts';

/** Months whose partitions are made at once: this one and the next two. */
const monthsAhead = 3;

/**
 * Writes entries of one organization's access log in one statement; returns once they are durable. A month that has no
 * partition yet is given one. An entry written already stays as it is.
 * @throws Error of the database, with nothing written.
 */
export async function writeAccess(
  database: Database,
  organizationId: string,
  entries: readonly AccessEntry[],
): Promise<void> {
  const parameters = [organizationId, JSON.stringify(entries.map(rowOf))];
  const write = () => database.callAsOrganization(organizationId, 'log_access', parameters);
  try {
    await write();
  } catch (error) {
    if (!isWithoutPartition(error)) throw error;
    // A batch is of one moment; one over the turn of a month has two.
    for (const at of new Set(entries.map((entry) => entry.at.slice(0, 7)))) {
      await makeAccessLogMonths(database, `${at}-01T00:00:00.000Z`);
    }
    await write();
  }
}

/** Makes the partitions of this month and the next two, where they are missing; answers how many it made. */
export async function makeAccessLogMonths(
  database: Pick<Database, 'asPlatform'>,
  at: Instant,
): Promise<number> {
  const [row] = await database.asPlatform<{ made: number }>(
    'select warroom.make_access_log_months($1, $2) as made',
    [at, monthsAhead],
  );
  return row?.made ?? 0;
}

/** PostgreSQL's words for a row that no partition takes: a failed check that is no constraint of the table. */
function isWithoutPartition(error: unknown): boolean {
  const { code, constraint } = error as { readonly code?: unknown; readonly constraint?: unknown };
  return code === '23514' && constraint === undefined;
}

function rowOf(entry: AccessEntry): Readonly<Record<string, unknown>> {
  const { actor } = entry;
  return {
    at: entry.at,
    id: entry.id,
    request_id: entry.requestId,
    actor_kind: actor.kind,
    actor_id: actor.id,
    actor_role: actor.role,
    superadmin: entry.superadmin,
    credential_id: entry.credentialId,
    operation: entry.operation,
    field: entry.field,
    subjects: entry.subjects,
    address: entry.address,
    user_agent: entry.userAgent,
    outcome: entry.outcome,
  };
}
