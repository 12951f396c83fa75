import { nameKey } from '../incident/naming.ts';
import { severities } from '../incident/vocabulary.ts';
import { InputCheck } from '../inputCheck.ts';
import type { EscalationRule } from '../policy/policy.ts';
import type { AdministrationVerb } from './decision.ts';
import { minutesLimit } from './minutesLimit.ts';
import { policyChange } from './policyChange.ts';
import { severitySetOrAll } from './severitySet.ts';

/** The most rules that may apply to one severity: what keeps an incident's deadlines within 16. */
const rulesPerSeverityLimit = 9;

/** Sets all escalation rules; an empty list turns them off. */
export const setEscalationRules: AdministrationVerb<'setEscalationRules'> = (input, { policy }) => {
  const check = new InputCheck();
  const names = new Set<string>();
  const escalationRules = check.list('rules', input.rules, (path, rule): EscalationRule => {
    const name = check.text([...path, 'name'], rule.name, 80);
    if (name !== '' && names.has(nameKey(name))) check.note([...path, 'name'], 'Another rule has this name.');
    names.add(nameKey(name));
    const after = [...path, 'afterMinutes'];
    if (rule.reason === 'MANUAL') {
      check.note([...path, 'reason'], 'A manual escalation needs no rule; a rule needs a clock.');
    } else if (rule.reason === 'SEVERITY_RAISED') {
      if ((rule.afterMinutes ?? 0) !== 0)
        check.note(after, 'A raised severity escalates at once: 0, or leave it out.');
    } else if (rule.afterMinutes == null) {
      check.note(after, `Say after how many minutes, from 0 to ${minutesLimit}.`);
    }
    return {
      name,
      reason: rule.reason,
      severities: severitySetOrAll(check, [...path, 'severities'], rule.severities),
      afterMinutes: check.whole(after, rule.afterMinutes ?? 0, 0, minutesLimit),
      target: rule.target,
    };
  });
  for (const severity of severities) {
    const applying = escalationRules.filter((rule) => rule.severities?.includes(severity) ?? true).length;
    if (applying > rulesPerSeverityLimit) {
      check.note('rules', `${applying} rules apply to ${severity}; at most ${rulesPerSeverityLimit} may.`);
    }
  }
  return check.refusal ?? policyChange('ESCALATION_RULES', policy, { escalationRules });
};
