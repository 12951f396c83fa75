import type { IncidentCommandInputs } from '../incident/commands.ts';
import type { Joinable } from '../incident/decision.ts';
import type { IncidentSeverity } from '../incident/vocabulary.ts';
import type { DetectionOutcome, DetectionRule } from './detectionRule.ts';
import { joinableOf } from './joinableOf.ts';
import { candidateOf, judgeDelivery } from './judgeDelivery.ts';
import { outcomeOf, type SignalCandidate } from './outcomeOf.ts';
import { type TriedRule, triedRules } from './triedRules.ts';

type Delivery = IncidentCommandInputs['receiveSignals'];

/** What the rules would make of one signal or error, if its dedup key had no incident. */
export interface SignalPreview {
  readonly source: string;
  readonly summary: string;
  /** As ours, before any rule. */
  readonly severity: IncidentSeverity;
  /** Null: no rule speaks of an error that declares only by one. */
  readonly outcome: DetectionOutcome | null;
  /** The rule that decides; null: none does. */
  readonly rule: string | null;
  /** The maintenance window that would keep it from declaring; null: none. */
  readonly suppressedBy: string | null;
  /** What it declares; null when it declares nothing. */
  readonly declares: {
    readonly title: string;
    readonly severity: IncidentSeverity;
    readonly tags: readonly string[];
    readonly roles: DetectionRule['roles'];
  } | null;
  /** It only joins, and something else of its delivery declares: then it goes there, whatever else is open. */
  readonly joinsDeclared: boolean;
  /** By what an open incident is looked for, most telling first; empty unless it only joins. */
  readonly joinable: readonly Joinable[];
  readonly steps: readonly TriedRule[];
}

/** What these rules would make of every signal of a delivery, rule by rule. Decides nothing. */
export function previewDelivery(
  delivery: Delivery,
  rules: readonly DetectionRule[],
  suppressor: (candidate: SignalCandidate) => string | null,
): readonly SignalPreview[] {
  const { declares: somethingDeclares } = judgeDelivery(delivery, rules, suppressor);
  return delivery.firing.map((signal) => {
    const candidate = candidateOf(signal, delivery);
    const { outcome, rule, steps } = outcomeOf(rules, candidate);
    // Alone, it declares as it would as the first of its delivery.
    const { input } = judgeDelivery({ ...delivery, firing: [signal], severity: candidate.severity }, rules);
    const { title, severity, tags } = input.declare;
    const onlyJoins = outcome === 'ATTACH_ONLY';
    const isSuppressible = outcome === 'DECLARE' && !candidate.isProtected;
    const suppressedBy = isSuppressible ? suppressor(candidate) : null;
    return {
      source: signal.source,
      summary: signal.summary,
      severity: candidate.severity,
      outcome,
      rule: rule?.name ?? null,
      suppressedBy,
      declares:
        outcome === 'DECLARE' && suppressedBy === null
          ? { title, severity, tags: tags ?? [], roles: rule?.roles ?? [] }
          : null,
      joinsDeclared: onlyJoins && somethingDeclares,
      joinable: onlyJoins && !somethingDeclares ? joinableOf([signal], delivery.declare.service) : [],
      steps: triedRules(steps, candidate),
    };
  });
}
