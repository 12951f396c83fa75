import type { Deadline } from './deadline.ts';
import { deadlineLimit } from './deadline.ts';
import { deadlinesOf, slaInstants } from './deadlines.ts';
import type { DecideContext } from './decision.ts';
import type { IncidentEvent, IncidentFact } from './events.ts';
import { block, type GateProgress, releaseIfOver } from './sessionGate.ts';
import { stampAsSystem } from './stamp.ts';
import type { IncidentState } from './state.ts';
import type { SlaKind } from './vocabulary.ts';

/** What settling needs to know: the instant, the policy, how to stamp an event, and ids for escalations. */
export type SettleContext = Pick<
  DecideContext,
  'incidentId' | 'commandId' | 'actor' | 'at' | 'policy' | 'newId'
>;

/** A state with nothing of its SLAs, escalations and session gate due any more, and the events that made it so. */
export interface Settled {
  readonly state: IncidentState;
  readonly events: readonly IncidentEvent[];
  readonly gate: GateProgress;
}

/** Each event takes its deadline away, and none adds one that is due: twice the most there are is never reached. */
const stepLimit = 2 * deadlineLimit;

/**
 * Writes every SLA, escalation and session gate instant due at or before `context.at`: each once, in order of its due
 * time (SLA before escalation, at risk before breach, the gate last), by SYSTEM, planning anew after each. A block that
 * the policy no longer asks for ends first. Auto-resolution is not its business: a person's command comes before that.
 *
 * @throws Error when folding an event leaves its deadline in place, which would write it for ever.
 */
export function settle(state: IncidentState, gate: GateProgress, context: SettleContext): Settled {
  const events: IncidentEvent[] = [];
  let current = state;
  let progress = releaseIfOver(gate, state, state, context);
  for (let step = 0; step < stepLimit; step++) {
    const due = firstDue(current, progress, context);
    if (due === undefined) return { state: current, events, gate: progress };
    if (due === 'SESSION_GATE') {
      progress = block(progress, current, context);
      continue;
    }
    const stamped = stampAsSystem(current, due, context);
    current = stamped.state;
    events.push(stamped.event);
  }
  throw new Error(`Incident ${state.id} is never settled at ${context.at}.`);
}

/** The first of what is due and has to be written: an event of the incident, or that it begins to block sessions. */
function firstDue(
  state: IncidentState,
  gate: GateProgress,
  context: SettleContext,
): IncidentFact | 'SESSION_GATE' | undefined {
  for (const deadline of deadlinesOf(state, context.policy, gate.blockedAt)) {
    if (deadline.dueAt > context.at) return undefined;
    if (deadline.kind === 'SESSION_GATE') return 'SESSION_GATE';
    const fact = factOf(deadline, state, context);
    if (fact !== null) return fact;
  }
  return undefined;
}

/** What a deadline writes when it is due; null for those that are not settled. */
function factOf(deadline: Deadline, state: IncidentState, context: SettleContext): IncidentFact | null {
  switch (deadline.kind) {
    case 'ACKNOWLEDGE_SLA_AT_RISK':
      return atRisk('ACKNOWLEDGE', state, context);
    case 'RESOLVE_SLA_AT_RISK':
      return atRisk('RESOLVE', state, context);
    case 'ACKNOWLEDGE_SLA':
      return { type: 'INCIDENT_SLA_BREACHED', payload: { kind: 'ACKNOWLEDGE', dueAt: deadline.dueAt } };
    case 'RESOLVE_SLA':
      return { type: 'INCIDENT_SLA_BREACHED', payload: { kind: 'RESOLVE', dueAt: deadline.dueAt } };
    case 'ESCALATION':
      return escalated(deadline, state, context);
    default:
      return null;
  }
}

function atRisk(kind: SlaKind, state: IncidentState, context: SettleContext): IncidentFact {
  const target = context.policy.sla[state.severity];
  const [progress, within] =
    kind === 'ACKNOWLEDGE'
      ? [state.acknowledgeSla, target.acknowledgeWithinMinutes]
      : [state.resolveSla, target.resolveWithinMinutes];
  return {
    type: 'INCIDENT_SLA_AT_RISK',
    payload: { kind, ...slaInstants(progress.from, within, target.atRiskPercent) },
  };
}

function escalated(deadline: Deadline, state: IncidentState, context: SettleContext): IncidentFact | null {
  if (deadline.escalation === null) return null;
  const { reason, afterMinutes, base, level, target } = deadline.escalation;
  return {
    type: 'INCIDENT_ESCALATED',
    payload: {
      escalationId: context.newId(),
      reason,
      rule: deadline.key,
      afterMinutes,
      base,
      dueAt: deadline.dueAt,
      level,
      target,
      note: null,
      severity: state.severity,
    },
  };
}
