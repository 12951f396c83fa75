import { InputCheck } from '../inputCheck.ts';
import type { AdministrationVerb } from './decision.ts';
import { policyChange } from './policyChange.ts';
import { severitySet } from './severitySet.ts';

/** Sets when incidents resolve themselves. Absent stays; `staleAfterHours: null` means never. */
export const setAutoResolvePolicy: AdministrationVerb<'setAutoResolvePolicy'> = (input, { policy }) => {
  const check = new InputCheck();
  const now = policy.autoResolve;
  const { staleAfterHours, silenceMinutes } = input;
  const autoResolve = {
    staleAfterHours:
      staleAfterHours === undefined
        ? now.staleAfterHours
        : staleAfterHours === null
          ? null
          : check.whole('staleAfterHours', staleAfterHours, 1, 8_760),
    staleSeverities: input.staleSeverities == null ? now.staleSeverities : severitySet(input.staleSeverities),
    silenceMinutes:
      silenceMinutes == null ? now.silenceMinutes : check.whole('silenceMinutes', silenceMinutes, 1, 1_440),
    resolveOnClear: input.resolveOnClear == null ? now.resolveOnClear : severitySet(input.resolveOnClear),
  };
  return check.refusal ?? policyChange('AUTO_RESOLVE', policy, { autoResolve });
};
