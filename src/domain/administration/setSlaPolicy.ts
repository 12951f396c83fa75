import type { IncidentSeverity } from '../incident/vocabulary.ts';
import { InputCheck } from '../inputCheck.ts';
import type { SlaTarget } from '../policy/policy.ts';
import type { AdministrationVerb } from './decision.ts';
import { minutesLimit } from './minutesLimit.ts';
import { policyChange } from './policyChange.ts';

/** Sets how fast incidents must be acknowledged and resolved; severities that are not named keep their targets. */
export const setSlaPolicy: AdministrationVerb<'setSlaPolicy'> = (input, { policy }) => {
  const check = new InputCheck();
  const sla: Record<IncidentSeverity, SlaTarget> = { ...policy.sla };
  const seen = new Set<IncidentSeverity>();
  check.list('targets', input.targets, (path, target) => {
    const { severity } = target;
    if (seen.has(severity)) check.note([...path, 'severity'], `${severity} is listed twice.`);
    seen.add(severity);
    const acknowledge = [...path, 'acknowledgeWithinMinutes'];
    const resolve = [...path, 'resolveWithinMinutes'];
    const acknowledgeWithinMinutes = check.whole(
      acknowledge,
      target.acknowledgeWithinMinutes,
      1,
      minutesLimit,
    );
    const resolveWithinMinutes = check.whole(resolve, target.resolveWithinMinutes, 1, minutesLimit);
    if (target.resolveWithinMinutes < target.acknowledgeWithinMinutes) {
      check.note(resolve, 'Resolving cannot be due before acknowledging.');
    }
    const atRiskPercent =
      target.atRiskPercent == null
        ? policy.sla[severity].atRiskPercent
        : check.whole([...path, 'atRiskPercent'], target.atRiskPercent, 1, 99);
    sla[severity] = { acknowledgeWithinMinutes, resolveWithinMinutes, atRiskPercent };
  });
  return check.refusal ?? policyChange('SLA', policy, { sla });
};
