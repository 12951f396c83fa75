import { systemActor } from '../access/actor.ts';
import type { AdministrationFact } from '../administration/decision.ts';
import type { AdministrationEvent } from '../administration/events.ts';
import { stampAdministration } from '../administration/stampAdministration.ts';
import { baseOf } from '../escalation/baseOf.ts';
import { type Instant, plusMinutes } from '../instant.ts';
import type { Policy } from '../policy/policy.ts';
import type { DecideContext } from './decision.ts';
import type { IncidentState } from './state.ts';
import type { SessionGateRelease } from './vocabulary.ts';

/** Whether an incident blocks sessions, and what of that is still to be written to the administration ledger. */
export interface GateProgress {
  /** Since when it blocks; null when it does not. */
  readonly blockedAt: Instant | null;
  readonly events: readonly AdministrationEvent[];
}

type GateContext = Pick<DecideContext, 'commandId' | 'actor' | 'at' | 'policy'>;

/** Since when the incident waits for an acknowledgement, and from when on it blocks sessions. */
export interface GateInstant {
  readonly since: Instant;
  readonly dueAt: Instant;
}

/**
 * From when on this incident blocks sessions under this policy, as things stand: an open one of a gated severity that
 * nobody has acknowledged, counted as NO_ACK is. Null: not at all; a drill never does. Source: rules.md, Session gate.
 */
export function gateInstant(state: IncidentState, { sessionGate }: Policy): GateInstant | null {
  const { enabled, afterMinutes, severities } = sessionGate;
  if (!enabled || state.mode === 'DRILL' || !severities.includes(state.severity)) return null;
  const since = baseOf('NO_ACK', state);
  return since === null ? null : { since, dueAt: plusMinutes(since, afterMinutes) };
}

/** The block begins: one event, by the scheduler, whoever's command it comes before. */
export function block(gate: GateProgress, state: IncidentState, context: GateContext): GateProgress {
  const instant = gateInstant(state, context.policy);
  if (instant === null) return gate;
  const fact: AdministrationFact = {
    type: 'SESSION_GATE_BLOCKED',
    payload: {
      incidentId: state.id,
      incidentVersion: state.version,
      severity: state.severity,
      unacknowledgedSince: instant.since,
      dueAt: instant.dueAt,
    },
  };
  const event = stampAdministration(fact, { ...context, actor: systemActor });
  return { blockedAt: context.at, events: [...gate.events, event] };
}

/**
 * Ends a block that holds no longer, in one event. `before` is the incident before the command of `context.actor`; the
 * same as `state` when only the policy can have ended it.
 */
export function releaseIfOver(
  gate: GateProgress,
  before: IncidentState,
  state: IncidentState,
  context: GateContext,
): GateProgress {
  if (gate.blockedAt === null) return gate;
  const instant = gateInstant(state, context.policy);
  if (instant !== null && instant.dueAt <= context.at) return gate;
  const reason = reasonOf(before, state);
  const fact: AdministrationFact = {
    type: 'SESSION_GATE_RELEASED',
    payload: { incidentId: state.id, incidentVersion: state.version, blockedAt: gate.blockedAt, reason },
  };
  const actor = reason === 'POLICY_CHANGED' ? systemActor : context.actor;
  return { blockedAt: null, events: [...gate.events, stampAdministration(fact, { ...context, actor })] };
}

function reasonOf(before: IncidentState, state: IncidentState): SessionGateRelease {
  if (state.status === 'CANCELLED') return 'CANCELLED';
  if (state.status === 'RESOLVED' || state.status === 'CLOSED') return 'RESOLVED';
  if (state.acknowledgement !== null) return 'ACKNOWLEDGED';
  return state.severity === before.severity ? 'POLICY_CHANGED' : 'SEVERITY_CHANGED';
}
