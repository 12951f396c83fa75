import { silenceEndsAt } from '../detection/burst.ts';
import { baseOf } from '../escalation/baseOf.ts';
import { escalationInstant } from '../escalation/escalationInstant.ts';
import { levelOf } from '../escalation/levelOf.ts';
import { rulesThatApply } from '../escalation/rulesThatApply.ts';
import { type Instant, plusMilliseconds } from '../instant.ts';
import { heldUntil } from '../maintenance/inMaintenance.ts';
import type { EscalationRule, Policy } from '../policy/policy.ts';
import type { Deadline } from './deadline.ts';
import { gateInstant } from './sessionGate.ts';
import type { IncidentState, SlaProgress } from './state.ts';
import { type DeadlineKind, isOpen } from './vocabulary.ts';

const minute = 60_000;
const hour = 60 * minute;

/** How long before an auto-resolution the incident says so. Source: rules.md, Clocks. */
const warnedBeforeMilliseconds = hour;

/** Of what is due at the same instant, what is written first: SLA, escalation, auto-resolve; at risk before breach. */
const order: Readonly<Record<DeadlineKind, number>> = {
  ACKNOWLEDGE_SLA_AT_RISK: 0,
  RESOLVE_SLA_AT_RISK: 1,
  ACKNOWLEDGE_SLA: 2,
  RESOLVE_SLA: 3,
  ESCALATION: 4,
  SESSION_GATE: 5,
  AUTO_RESOLVE_WARNING: 6,
  AUTO_RESOLVE: 7,
};

/**
 * Everything that will happen to this incident by itself under this policy, soonest first, at most 16: the whole set
 * that a commit stores, and the only place that says when. Nothing once it is resolved, closed or cancelled; nothing
 * that has already been written. Instants may be in the past: they are due now. `gateBlockedAt`: since when it blocks
 * sessions, which its own events do not say; then its session gate has been written.
 */
export function deadlinesOf(
  state: IncidentState,
  policy: Policy,
  gateBlockedAt: Instant | null = null,
): readonly Deadline[] {
  const isBlocking = gateBlockedAt !== null;
  const known = planned.get(state);
  if (known?.policy === policy && known.isBlocking === isBlocking) return known.deadlines;
  const deadlines = isOpen(state.status) ? plan(state, policy, isBlocking) : [];
  planned.set(state, { policy, isBlocking, deadlines });
  return deadlines;
}

/**
 * What was planned last for a state, which never changes: a command, its settling and its commit all ask, and so does
 * the next command on the incident.
 */
const planned = new WeakMap<
  IncidentState,
  { readonly policy: Policy; readonly isBlocking: boolean; readonly deadlines: readonly Deadline[] }
>();

function plan(state: IncidentState, policy: Policy, isBlocking: boolean): readonly Deadline[] {
  const target = policy.sla[state.severity];
  const all = [
    ...slaDeadlines(
      'ACKNOWLEDGE',
      state.acknowledgeSla,
      target.acknowledgeWithinMinutes,
      target.atRiskPercent,
    ),
    ...slaDeadlines('RESOLVE', state.resolveSla, target.resolveWithinMinutes, target.atRiskPercent),
    ...escalationDeadlines(state, policy),
    ...gateDeadline(state, policy, isBlocking),
    ...autoResolveDeadlines(state, policy),
  ];
  // Sorting is stable, so rules due at one instant keep the policy's order.
  all.sort((a, b) => compare(a.dueAt, b.dueAt) || order[a.kind] - order[b.kind]);
  return withLevels(all, state.escalationLevel);
}

/** When an SLA becomes at risk and when it is breached, whether or not either still lies ahead. */
export function slaInstants(
  from: Instant,
  withinMinutes: number,
  atRiskPercent: number,
): { readonly atRiskAt: Instant; readonly dueAt: Instant } {
  const allowed = withinMinutes * minute;
  return {
    atRiskAt: plusMilliseconds(from, Math.round((allowed * atRiskPercent) / 100)),
    dueAt: plusMilliseconds(from, allowed),
  };
}

function slaDeadlines(
  sla: 'ACKNOWLEDGE' | 'RESOLVE',
  progress: SlaProgress,
  withinMinutes: number,
  atRiskPercent: number,
): readonly Deadline[] {
  if (progress.metAt !== null || progress.breachedAt !== null || progress.endedAt !== null) return [];
  const { atRiskAt, dueAt } = slaInstants(progress.from, withinMinutes, atRiskPercent);
  const breach = plain(`${sla}_SLA`, dueAt);
  return progress.atRiskNotedAt === null ? [plain(`${sla}_SLA_AT_RISK`, atRiskAt), breach] : [breach];
}

function escalationDeadlines(state: IncidentState, policy: Policy): readonly Deadline[] {
  return rulesThatApply(policy.escalationRules, state.severity).flatMap((rule): readonly Deadline[] => {
    const base = baseOf(rule.reason, state);
    if (base === null || hasFired(state, rule, base)) return [];
    const { reason, afterMinutes, target } = rule;
    const escalation = { reason, afterMinutes, level: state.escalationLevel, target, base };
    const dueAt = heldUntil(policy.maintenanceWindows, state, escalationInstant(rule, base, state));
    return [{ kind: 'ESCALATION', key: rule.name, dueAt, escalation }];
  });
}

function hasFired(state: IncidentState, rule: EscalationRule, base: Instant): boolean {
  return state.firedRules.some(
    (fired) => fired.rule === rule.name && fired.reason === rule.reason && fired.base === base,
  );
}

function gateDeadline(state: IncidentState, policy: Policy, isBlocking: boolean): readonly Deadline[] {
  const instant = isBlocking ? null : gateInstant(state, policy);
  return instant === null ? [] : [plain('SESSION_GATE', instant.dueAt)];
}

function autoResolveDeadlines(state: IncidentState, policy: Policy): readonly Deadline[] {
  const { staleAfterHours, staleSeverities, silenceMinutes } = policy.autoResolve;
  const silentAt = silenceEndsAt(state, silenceMinutes);
  if (silentAt !== null) return [plain('AUTO_RESOLVE', silentAt)];
  if (staleAfterHours === null || state.openSignalCount > 0) return [];
  if (!staleSeverities.includes(state.severity)) return [];
  const stale = staleAfterHours * hour;
  // Of a single hour of staleness the warning takes half, or every activity would warn at once.
  const warnBefore = Math.min(warnedBeforeMilliseconds, stale / 2);
  const resolution = plain('AUTO_RESOLVE', plusMilliseconds(state.lastActivityAt, stale));
  const warned = state.autoResolveWarnedAt !== null && state.autoResolveWarnedAt > state.lastActivityAt;
  if (warned) return [resolution];
  return [
    plain('AUTO_RESOLVE_WARNING', plusMilliseconds(state.lastActivityAt, stale - warnBefore)),
    resolution,
  ];
}

/** Levels as they will be when each fires: Slack keeps the level that those before it reach. */
function withLevels(sorted: readonly Deadline[], current: number): readonly Deadline[] {
  let reached = current;
  return sorted.map((deadline) => {
    if (deadline.escalation === null) return deadline;
    const level = levelOf(deadline.escalation.target, reached);
    reached = Math.max(reached, level);
    return { ...deadline, escalation: { ...deadline.escalation, level } };
  });
}

function plain(kind: DeadlineKind, dueAt: Instant): Deadline {
  return { kind, key: '', dueAt, escalation: null };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
