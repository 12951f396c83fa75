import { InputCheck } from '../inputCheck.ts';
import type { AdministrationVerb } from './decision.ts';
import { minutesLimit } from './minutesLimit.ts';
import { policyChange } from './policyChange.ts';
import { severitySet } from './severitySet.ts';

/** Sets whether, when and for which severities incidents block sessions. What is absent or null stays as it is. */
export const setSessionGatePolicy: AdministrationVerb<'setSessionGatePolicy'> = (input, { policy }) => {
  const check = new InputCheck();
  const now = policy.sessionGate;
  const { enabled, afterMinutes, severities } = input;
  if (severities?.length === 0) {
    check.note('severities', 'Name at least one severity; to block for none, set `enabled` to false.');
  }
  const sessionGate = {
    enabled: enabled ?? now.enabled,
    afterMinutes:
      afterMinutes == null ? now.afterMinutes : check.whole('afterMinutes', afterMinutes, 1, minutesLimit),
    severities: severities == null ? now.severities : severitySet(severities),
  };
  return check.refusal ?? policyChange('SESSION_GATE', policy, { sessionGate });
};
