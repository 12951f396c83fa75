import type { Policy } from '../policy/policy.ts';
import type { AdministrationFact } from './decision.ts';
import type { PolicyPart } from './events.ts';

/**
 * The event of a changed policy: the whole of it, one version up. No event when the change changes nothing. `changes`
 * are complete values of what they replace.
 */
export function policyChange(
  part: PolicyPart,
  policy: Policy,
  changes: Partial<Omit<Policy, 'version'>>,
): { readonly ok: true; readonly facts: readonly AdministrationFact[] } {
  const changed: Policy = { ...policy, ...changes, version: policy.version + 1 };
  const same = canonical({ ...changed, version: 0 }) === canonical({ ...policy, version: 0 });
  if (same) return { ok: true, facts: [] };
  return { ok: true, facts: [{ type: 'ORGANIZATION_POLICY_CHANGED', payload: { part, policy: changed } }] };
}

/** JSON with sorted keys: a policy read back from the database may have them in another order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
