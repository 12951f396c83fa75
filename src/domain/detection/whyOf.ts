import type { DetectionRule } from './detectionRule.ts';
import type { RuleStep, SignalCandidate } from './outcomeOf.ts';

/** Why a rule applies to a signal, or does not, in a sentence for a person. */
export function whyOf({ rule, mismatch, passedOver }: RuleStep, candidate: SignalCandidate): string {
  if (passedOver)
    return 'It matches, and is passed over: a HIGH or CRITICAL error always becomes an incident.';
  switch (mismatch) {
    case null:
      return 'It matches: every condition is met.';
    case 'SOURCE':
      return unlike('source', candidate.source, rule.sources);
    case 'SERVICE':
      return unlike('service', candidate.service, rule.services);
    case 'ENVIRONMENT':
      return unlike('environment', candidate.environment, rule.environments);
    case 'SEVERITY':
      return `The severity is ${candidate.severity}, not ${(rule.severities ?? []).join(' or ')}.`;
    case 'TEXT':
      return `Neither title, summary nor description hold ${(rule.text ?? []).join(' or ')}.`;
    case 'LABELS':
      return labelsWords(rule, candidate);
  }
}

function unlike(what: string, value: string | null, patterns: readonly string[] | null): string {
  const wanted = (patterns ?? []).join(' or ');
  return value === null ? `It names no ${what}.` : `The ${what} is ${value}, not like ${wanted}.`;
}

function labelsWords({ labels }: DetectionRule, candidate: SignalCandidate): string {
  const given = candidate.labels();
  const said = (labels ?? []).map(({ name, pattern }) => {
    const value = given.get(name);
    return value === undefined
      ? `there is no label ${name} (like ${pattern} is wanted)`
      : `${name} is ${value} (like ${pattern} is wanted)`;
  });
  return `Not all labels are as wanted: ${said.join('; ')}.`;
}
