import { declaredBy, type JudgedError, joinableByErrors } from './judgeErrors.ts';
import type { SignalPreview } from './previewDelivery.ts';
import { triedRules } from './triedRules.ts';

/** What the rules make of an error, rule by rule, if its kind had no incident. Decides nothing. */
export function previewError(judged: JudgedError): SignalPreview {
  const { error, candidate, ruled, fate, suppressedBy } = judged;
  const { outcome, rule, steps } = ruled;
  return {
    source: error.source,
    summary: error.message,
    severity: candidate.severity,
    outcome: rule === null && !candidate.isProtected ? null : outcome,
    rule: rule?.name ?? null,
    suppressedBy,
    declares: fate === 'DECLARE' ? declaredBy(judged) : null,
    joinsDeclared: false,
    joinable: joinableByErrors([judged]),
    steps: triedRules(steps, candidate),
  };
}
