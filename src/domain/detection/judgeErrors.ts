import { clipText } from '../clipText.ts';
import type { Joinable } from '../incident/decision.ts';
import { limits } from '../incident/limits.ts';
import type { IncidentSeverity } from '../incident/vocabulary.ts';
import type { DetectionRule } from './detectionRule.ts';
import { isGrave, levelOfError, type ReportedError } from './errorReport.ts';
import { joinableOf } from './joinableOf.ts';
import type { LossReason, LostSignals } from './judgeDelivery.ts';
import { labelsOf } from './labelsOf.ts';
import { isMoreSevere } from './mostSevere.ts';
import { outcomeOf, type RuledOutcome, type SignalCandidate } from './outcomeOf.ts';
import { type JudgingContext, suppressorOf } from './suppressorOf.ts';
import { titleFrom } from './titleFrom.ts';

/**
 * What becomes of an error whose kind has no open incident: it declares (or reopens) one, joins another one, is dropped,
 * or is kept without one. What does not declare goes with another of its kind that does, unless it is dropped.
 */
export type ErrorFate = 'DECLARE' | 'ATTACH' | 'DROP' | 'RECORD';

/** An error, and what the rules say of it. */
export interface JudgedError {
  readonly error: ReportedError;
  readonly candidate: SignalCandidate;
  readonly ruled: RuledOutcome;
  /** How severe its incident is at least: a rule may call HIGH and CRITICAL more severe, and others what it likes. */
  readonly level: IncidentSeverity;
  readonly fate: ErrorFate;
  /** The maintenance window that keeps it from declaring. */
  readonly suppressedBy: string | null;
}

/**
 * What these rules make of an error. HIGH and CRITICAL always declare; MEDIUM and LOW only by a rule, and not where
 * `suppressor` names a maintenance window.
 */
function judgeError(
  error: ReportedError,
  rules: readonly DetectionRule[],
  suppressor: (candidate: SignalCandidate) => string | null,
): JudgedError {
  const candidate = candidateOf(error);
  const ruled = outcomeOf(rules, candidate);
  const wouldDeclare = ruled.outcome === 'DECLARE' && ruled.rule !== null && !candidate.isProtected;
  const suppressedBy = wouldDeclare ? suppressor(candidate) : null;
  const fate = fateOf(ruled, candidate, suppressedBy);
  return { error, candidate, ruled, level: ruledLevel(error, ruled), fate, suppressedBy };
}

/** What the policy's rules make of errors now. */
export function judgeErrors(
  errors: readonly ReportedError[],
  context: JudgingContext,
): readonly JudgedError[] {
  const { detectionRules } = context.policy;
  return errors.map((error) => judgeError(error, detectionRules, (one) => suppressorOf(one, context)));
}

function fateOf(
  { outcome, rule }: RuledOutcome,
  { isProtected }: SignalCandidate,
  suppressedBy: string | null,
): ErrorFate {
  if (isProtected) return 'DECLARE';
  if (rule === null || suppressedBy !== null) return 'RECORD';
  if (outcome === 'ATTACH_ONLY') return 'ATTACH';
  return outcome;
}

function ruledLevel(error: ReportedError, { outcome, rule }: RuledOutcome): IncidentSeverity {
  const own = levelOfError(error);
  const severity = outcome === 'DECLARE' ? (rule?.severity ?? null) : null;
  if (severity === null) return own;
  return isGrave(error) && isMoreSevere(own, severity) ? own : severity;
}

function candidateOf(error: ReportedError): SignalCandidate {
  let labels: ReturnType<typeof labelsOf> | null = null;
  return {
    source: error.source,
    service: error.component,
    environment: error.environment,
    severity: levelOfError(error),
    text: `${titleOf(error)}\n${error.message}`,
    labels: () => {
      labels ??= labelsOf(error.data);
      return labels;
    },
    isProtected: isGrave(error),
  };
}

/** What an error declares, beside what it says itself. */
export function declaredBy({ error, candidate, ruled: { rule }, level }: JudgedError) {
  const title = titleOf(error);
  const texts = { ...candidate, title, summary: error.message };
  return {
    title: rule?.title == null ? title : titleFrom(rule.title, texts),
    severity: level,
    tags: rule?.tags ?? [],
    roles: rule?.roles ?? [],
  };
}

function titleOf({ type, message }: ReportedError): string {
  const [line = message] = message.split('\n', 1);
  const isNamed = type === null || line.toLowerCase().startsWith(type.toLowerCase());
  return clipText(isNamed ? line : `${type}: ${line}`, limits.title);
}

/** By what an open incident is looked for that errors may join which only join, most telling first. */
export function joinableByErrors(errors: readonly JudgedError[]): readonly Joinable[] {
  const attached = errors.filter(({ fate }) => fate === 'ATTACH');
  return joinableOf(
    attached.map(({ error }) => ({ correlationKey: error.correlationKey, service: error.component })),
  );
}

/** Of errors that became part of no incident: how many each rule and window kept from it, for one reason. */
export function lostErrors(errors: readonly JudgedError[], reason: LossReason): readonly LostSignals[] {
  const counts = new Map<string, number>();
  for (const one of errors) {
    const name = keeperOf(one, reason);
    if (name != null) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => ({ reason, name, count }));
}

function keeperOf({ fate, ruled, suppressedBy }: JudgedError, reason: LossReason): string | null | undefined {
  if (reason === 'SUPPRESSED') return suppressedBy;
  return fate === (reason === 'DROPPED' ? 'DROP' : 'ATTACH') ? ruled.rule?.name : null;
}
