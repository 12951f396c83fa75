import type { RuleStep, SignalCandidate } from './outcomeOf.ts';
import { whyOf } from './whyOf.ts';

/** A rule that was tried, as a person is told of it. */
export interface TriedRule {
  readonly rule: string;
  readonly matches: boolean;
  /** Why it applies, or does not, in a sentence. */
  readonly why: string;
}

/** What is told of the rules that were tried on a signal, in order. */
export function triedRules(steps: readonly RuleStep[], candidate: SignalCandidate): readonly TriedRule[] {
  return steps.map((step) => ({
    rule: step.rule.name,
    matches: step.mismatch === null,
    why: whyOf(step, candidate),
  }));
}
