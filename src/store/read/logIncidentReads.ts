import type { Database } from '../database.ts';

/** Whether the organization's policy in force has people's reads of incidents kept in the access log. */
export async function logIncidentReads(database: Database, organizationId: string): Promise<boolean> {
  const [row] = await database.asOrganization<{ kept: boolean | null }>(
    organizationId,
    `SELECT (p.policy::json #>> '{accessLog,logIncidentReads}')::boolean AS kept
     FROM warroom.ledger_head h
     JOIN warroom.policy p ON p.organization_id = h.organization_id AND p.version = h.policy_version
     WHERE h.organization_id = $1 AND h.ledger = 0`,
    [organizationId],
  );
  return row?.kept ?? false;
}
