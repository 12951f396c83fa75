import { isMoreSevere } from '../detection/mostSevere.ts';
import type { IncidentState } from '../incident/state.ts';
import {
  type EscalationReason,
  type EscalationTargetKind,
  type IncidentSeverity,
  isOpen,
} from '../incident/vocabulary.ts';
import type { Instant } from '../instant.ts';
import { heldUntil } from '../maintenance/inMaintenance.ts';
import type { MaintenanceWindow } from '../maintenance/maintenanceWindow.ts';
import type { EscalationRule } from '../policy/policy.ts';
import { baseOf } from './baseOf.ts';
import { escalationInstant } from './escalationInstant.ts';
import { levelOf } from './levelOf.ts';
import { rulesThatApply } from './rulesThatApply.ts';

/** One escalation that would happen, and in words why. */
export interface EscalationStep {
  readonly dueAt: Instant;
  readonly reason: EscalationReason;
  readonly rule: string;
  readonly level: number;
  readonly target: EscalationTargetKind;
  readonly why: string;
}

/** What is asked about. */
export interface EscalationQuestion {
  /** The severity to suppose; of a given incident, a change to it. */
  readonly severity: IncidentSeverity;
  /** When the supposed incident is reported, or the given one's severity changes. */
  readonly from: Instant;
  /** An incident to look at as it is now; without one, a new incident nobody acts on is supposed. */
  readonly state?: IncidentState | null;
  /** Windows that hold what falls due in them, if they are about the incident. Absent: none. */
  readonly windows?: readonly MaintenanceWindow[];
}

/**
 * What these rules would do if nobody acted, soonest first, at most 9: a dry run of a policy. For an incident, what
 * is still to come of it; for a supposed one, the root-cause rules too, counted as if it were acknowledged at once.
 */
export function escalationPreview(
  rules: readonly EscalationRule[],
  question: EscalationQuestion,
): readonly EscalationStep[] {
  const applying = rulesThatApply(rules, question.severity);
  const state = question.state ?? null;
  const steps = state === null ? supposedSteps(applying, question) : comingSteps(applying, question, state);
  return withLevels(steps, state?.escalationLevel ?? 0);
}

function supposedSteps(rules: readonly EscalationRule[], question: EscalationQuestion): EscalationStep[] {
  // A new incident has its severity from the start: nothing was raised.
  return rules
    .filter((rule) => rule.reason !== 'SEVERITY_RAISED')
    .map((rule) => step(rule, question.from, question.severity));
}

function comingSteps(
  rules: readonly EscalationRule[],
  question: EscalationQuestion,
  state: IncidentState,
): EscalationStep[] {
  if (!isOpen(state.status)) return [];
  const raised = isMoreSevere(question.severity, state.severity);
  const supposed: IncidentState = {
    ...state,
    severity: question.severity,
    severityRaisedAt: raised ? question.from : state.severityRaisedAt,
  };
  return rules.flatMap((rule) => {
    const base = baseOf(rule.reason, supposed);
    if (base === null) return [];
    const fired = state.firedRules.some(
      (one) => one.rule === rule.name && one.reason === rule.reason && one.base === base,
    );
    return fired
      ? []
      : [held(step(rule, base, question.severity, supposed), supposed, question.windows ?? [])];
  });
}

function step(
  rule: EscalationRule,
  base: Instant,
  severity: IncidentSeverity,
  state: Pick<IncidentState, 'snoozedUntil'> = neverSnoozed,
): EscalationStep {
  const { reason, name, target } = rule;
  const dueAt = escalationInstant(rule, base, state);
  const held = dueAt === state.snoozedUntil ? ` It is snoozed until ${dueAt}.` : '';
  return { dueAt, reason, rule: name, level: 0, target, why: whyOf(rule, base, severity) + held };
}

/** The same, later if a maintenance window holds it. */
function held(
  one: EscalationStep,
  state: IncidentState,
  windows: readonly MaintenanceWindow[],
): EscalationStep {
  const dueAt = heldUntil(windows, state, one.dueAt);
  return dueAt === one.dueAt
    ? one
    : { ...one, dueAt, why: `${one.why} Maintenance holds it until ${dueAt}.` };
}

const neverSnoozed = { snoozedUntil: null };

function whyOf(rule: EscalationRule, base: Instant, severity: IncidentSeverity): string {
  const after = rule.afterMinutes === 0 ? 'at once' : `${spell(rule.afterMinutes)} after ${base}`;
  const to = whom[rule.target];
  switch (rule.reason) {
    case 'NO_ACK':
      return `${severity}, and nobody has acknowledged it: ${to} ${after}.`;
    case 'NO_ROOT_CAUSE':
      return `${severity}, and no root cause since the first acknowledgement: ${to} ${after}.`;
    default:
      return `The severity was raised to ${severity}: ${to} ${after}.`;
  }
}

const whom: Readonly<Record<EscalationTargetKind, string>> = {
  ON_CALL: 'the on-call responder is paged',
  SUPERVISOR: 'the supervisor is told',
  DIRECTOR: 'the director is told',
  SLACK: 'Slack is told',
};

/** `90` → `1 h 30 min`. */
function spell(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

function withLevels(steps: readonly EscalationStep[], current: number): readonly EscalationStep[] {
  let reached = current;
  return [...steps]
    .sort((a, b) => Date.parse(a.dueAt) - Date.parse(b.dueAt))
    .map((one) => {
      const level = levelOf(one.target, reached);
      reached = Math.max(reached, level);
      return { ...one, level };
    });
}
