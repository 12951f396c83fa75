import type { ErrorOutcome } from './errorReport.ts';
import type { JudgedError } from './judgeErrors.ts';

/** Why nothing becomes of an error that is told again. */
export const whyKnown = 'It was reported before, as severe as this or more, and nothing changes.';

/** Why this becomes of an error, in a sentence for a person. `isGuest`: it joins an incident that is not of its kind. */
export function whyOfError(judged: JudgedError, outcome: ErrorOutcome, isGuest: boolean): string {
  const name = judged.ruled.rule?.name ?? '';
  switch (outcome) {
    case 'CREATED':
      return `No incident of its kind is open, and ${causeOf(judged)}.`;
    case 'REOPENED':
      return `The incident of its kind was resolved within 5 minutes of its declaration, and ${causeOf(judged)}.`;
    case 'JOINED':
      return isGuest
        ? `The rule ${name} has it only join, and this incident with its correlation key or of its component is open.`
        : 'The incident of its kind is open, and it joins that, whatever the rules say.';
    case 'DROPPED':
      return `No incident of its kind is open, and the rule ${name} drops it.`;
    case 'RECORDED':
      return `No incident of its kind is open, and ${keptBecause(judged)}.`;
  }
}

function causeOf({ candidate, ruled: { rule } }: JudgedError): string {
  if (candidate.isProtected) return 'a HIGH or CRITICAL error always becomes or joins one';
  return `the rule ${rule?.name} has it declare`;
}

function keptBecause({ ruled: { rule }, suppressedBy }: JudgedError): string {
  if (rule === null) return 'without a rule that matches, a MEDIUM or LOW error declares none';
  if (suppressedBy !== null)
    return `the maintenance window ${suppressedBy} keeps it from declaring one, as the rule ${rule.name} would have it`;
  return `the rule ${rule.name} has it only join, while none with its correlation key or of its component is open`;
}
