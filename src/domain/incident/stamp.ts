import { type Actor, systemActor } from '../access/actor.ts';
import type { DecideContext } from './decision.ts';
import type { IncidentEvent, IncidentFact } from './events.ts';
import { evolve } from './evolve.ts';
import type { IncidentState } from './state.ts';

/** The part of a decision's context that an event's envelope is made of. */
export type StampContext = Pick<DecideContext, 'incidentId' | 'commandId' | 'actor' | 'at' | 'policy'>;

/** An event and the state right after it. */
export interface Stamped {
  readonly event: IncidentEvent;
  readonly state: IncidentState;
}

/**
 * Makes a fact the incident's next event: numbers it and says what status and severity it left behind. The key order
 * of the result is the key order of the hashed body.
 */
function stamp(
  state: IncidentState | null,
  fact: IncidentFact,
  context: StampContext,
  actor: Actor = context.actor,
): Stamped {
  const draft = {
    type: fact.type,
    typeVersion: 1,
    incident: context.incidentId,
    version: (state?.version ?? 0) + 1,
    policyVersion: context.policy.version,
    commandId: context.commandId,
    actor: { kind: actor.kind, id: actor.id, role: actor.role },
    at: context.at,
    isPublic: fact.isPublic ?? false,
    statusBefore: state?.status ?? null,
    // Both are what evolve makes of the event; evolve itself reads neither.
    statusAfter: state?.status ?? 'REPORTED',
    severity: state?.severity ?? 'SEV3',
    payload: fact.payload,
  } as IncidentEvent;
  const after = evolve(state, draft);
  return { event: { ...draft, statusAfter: after.status, severity: after.severity }, state: after };
}

/** Stamps facts one after the other; `state` is null only when there was none and there are no facts. */
export function stampAll<S extends IncidentState | null>(
  state: S,
  facts: readonly IncidentFact[],
  context: StampContext,
  actor: Actor = context.actor,
): { readonly state: IncidentState | S; readonly events: readonly IncidentEvent[] } {
  let current: IncidentState | S = state;
  const events: IncidentEvent[] = [];
  for (const fact of facts) {
    const stamped = stamp(current, fact, context, actor);
    events.push(stamped.event);
    current = stamped.state;
  }
  return { state: current, events };
}

/** Stamps a fact of the scheduler's: same commit, actor SYSTEM. */
export function stampAsSystem(state: IncidentState, fact: IncidentFact, context: StampContext): Stamped {
  return stamp(state, fact, context, systemActor);
}
