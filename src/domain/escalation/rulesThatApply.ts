import type { IncidentSeverity } from '../incident/vocabulary.ts';
import type { EscalationRule } from '../policy/policy.ts';

/** The most rules that may apply to one severity, so that an incident's deadlines stay within their limit. */
const rulesPerSeverityLimit = 9;

/**
 * The rules of a policy that may fire by themselves for this severity, in the policy's order; at most
 * {@link rulesPerSeverityLimit}. MANUAL is a person's reason and has no clock.
 */
export function rulesThatApply(
  rules: readonly EscalationRule[],
  severity: IncidentSeverity,
): readonly EscalationRule[] {
  return rules
    .filter((rule) => rule.reason !== 'MANUAL' && (rule.severities?.includes(severity) ?? true))
    .slice(0, rulesPerSeverityLimit);
}
