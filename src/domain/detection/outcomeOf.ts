import type { IncidentSeverity } from '../incident/vocabulary.ts';
import type { DetectionOutcome, DetectionRule, SignalConditions } from './detectionRule.ts';
import type { Labels } from './labelsOf.ts';
import { matchesPattern } from './matchesPattern.ts';

/** A signal as rules look at it. */
export interface SignalCandidate {
  readonly source: string;
  readonly service: string | null;
  readonly environment: string | null;
  /** As ours. */
  readonly severity: IncidentSeverity;
  /** Title, summary and description. */
  readonly text: string;
  /** Read only when a rule asks for one. */
  labels(): Labels;
  /** A HIGH or CRITICAL error: never dropped, and never kept from being an incident. Source: rules.md, Detection. */
  readonly isProtected: boolean;
}

/** The condition a signal does not meet. */
export type Mismatch = 'SOURCE' | 'SERVICE' | 'ENVIRONMENT' | 'SEVERITY' | 'LABELS' | 'TEXT';

/** One rule tried. `passedOver`: it matches, but its outcome is not allowed for this signal. */
export interface RuleStep {
  readonly rule: DetectionRule;
  readonly mismatch: Mismatch | null;
  readonly passedOver: boolean;
}

/** What the rules say of a signal. */
export interface RuledOutcome {
  readonly outcome: DetectionOutcome;
  /** The first that matches; null when none does, and the signal declares as it is. */
  readonly rule: DetectionRule | null;
  /** Every rule that was tried, in order. */
  readonly steps: readonly RuleStep[];
}

/**
 * What these rules say becomes of a signal that has no incident yet: the first that matches wins, and without one it
 * declares. A rule that would keep a HIGH or CRITICAL error from being an incident is passed over.
 */
export function outcomeOf(rules: readonly DetectionRule[], candidate: SignalCandidate): RuledOutcome {
  const steps: RuleStep[] = [];
  for (const rule of rules) {
    const mismatch = mismatchOf(rule, candidate);
    const passedOver = mismatch === null && rule.outcome !== 'DECLARE' && candidate.isProtected;
    steps.push({ rule, mismatch, passedOver });
    if (mismatch === null && !passedOver) return { outcome: rule.outcome, rule, steps };
  }
  return { outcome: 'DECLARE', rule: null, steps };
}

/** The first condition this signal does not meet; null when it meets all. */
function mismatchOf(when: SignalConditions, candidate: SignalCandidate): Mismatch | null {
  const { source, service, environment, severity } = candidate;
  if (!isAnyOf(when.sources, source)) return 'SOURCE';
  if (!isAnyOf(when.services, service)) return 'SERVICE';
  if (!isAnyOf(when.environments, environment)) return 'ENVIRONMENT';
  if (when.severities !== null && !when.severities.includes(severity)) return 'SEVERITY';
  if (!hasText(when.text, candidate.text)) return 'TEXT';
  return hasLabels(when, candidate) ? null : 'LABELS';
}

function isAnyOf(patterns: readonly string[] | null, text: string | null): boolean {
  return patterns === null || (text !== null && patterns.some((pattern) => matchesPattern(pattern, text)));
}

function hasText(texts: readonly string[] | null, text: string): boolean {
  if (texts === null) return true;
  const given = text.toLowerCase();
  return texts.some((wanted) => given.includes(wanted.toLowerCase()));
}

function hasLabels({ labels }: SignalConditions, candidate: SignalCandidate): boolean {
  if (labels === null) return true;
  const given = candidate.labels();
  return labels.every(({ name, pattern }) => {
    const value = given.get(name);
    return value !== undefined && matchesPattern(pattern, value);
  });
}
