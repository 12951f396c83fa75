import { InputCheck } from '../inputCheck.ts';
import type { AdministrationVerb } from './decision.ts';
import { minutesLimit } from './minutesLimit.ts';
import { policyChange } from './policyChange.ts';
import { severitySetOrAll } from './severitySet.ts';

/**
 * Sets the workflow's gates (the whole list of rules), when an incident is overdue, and whether acknowledging needs a
 * note. What is absent or null stays as it is.
 */
export const setWorkflowPolicy: AdministrationVerb<'setWorkflowPolicy'> = (input, { policy }) => {
  const check = new InputCheck();
  const gates = check.list('gates', input.gates, (path, rule) => ({
    gate: rule.gate,
    severities: severitySetOrAll(check, [...path, 'severities'], rule.severities),
    required: rule.required,
  }));
  const overdueAfterMinutes =
    input.overdueAfterMinutes == null
      ? policy.overdueAfterMinutes
      : check.whole('overdueAfterMinutes', input.overdueAfterMinutes, 1, minutesLimit);
  return (
    check.refusal ??
    policyChange('WORKFLOW', policy, {
      workflowGates: input.gates == null ? policy.workflowGates : gates,
      overdueAfterMinutes,
      acknowledgeNoteRequired: input.acknowledgeNoteRequired ?? policy.acknowledgeNoteRequired,
    })
  );
};
