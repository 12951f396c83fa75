import { completePolicy } from '../../domain/policy/completePolicy.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { inOrder, type ReadScope } from './scope.ts';

/** A version of the policy, or the one in force. */
export type PolicyKey = number | 'CURRENT';

/** Policies by version, in the order asked for, in one statement; null for a version that never was. */
export async function policies(scope: ReadScope, keys: readonly PolicyKey[]): Promise<(Policy | null)[]> {
  const versions = [...new Set(keys.filter((key) => key !== 'CURRENT'))];
  const rows = await scope.database.asOrganization<{ version: number; policy: string; current: boolean }>(
    scope.organizationId,
    `SELECT p.version, p.policy, p.version = h.policy_version AS current
     FROM warroom.ledger_head h JOIN warroom.policy p ON p.organization_id = h.organization_id
     WHERE h.organization_id = $1 AND h.ledger = 0
       AND (p.version = ANY($2::int[]) OR (p.version = h.policy_version AND $3))`,
    [scope.organizationId, versions, keys.includes('CURRENT')],
  );
  const byKey = new Map<PolicyKey, Policy>();
  for (const row of rows) {
    const stored = JSON.parse(row.policy) as Partial<Policy>;
    const policy = completePolicy({ ...stored, version: row.version });
    byKey.set(row.version, policy);
    if (row.current) byKey.set('CURRENT', policy);
  }
  return inOrder(keys, byKey);
}

/**
 * The policy in force.
 * @throws Error when the organization has none, which its founding makes impossible.
 */
export async function currentPolicy(
  database: ReadScope['database'],
  organizationId: string,
): Promise<Policy> {
  const [policy] = await policies({ database, organizationId }, ['CURRENT']);
  if (!policy) throw new Error('The organization has no policy in force.');
  return policy;
}
