import { clipText } from '../clipText.ts';
import { isKeptForEver } from '../detection/burst.ts';
import { isMoreSevere } from '../detection/mostSevere.ts';
import { InputCheck } from '../inputCheck.ts';
import { refuseField, refuseNotFound, refuseTransition, refuseWinner } from '../refuse.ts';
import type { Refused } from './decision.ts';
import type { IncidentFact } from './events.ts';
import { limits } from './limits.ts';
import { type IncidentState, listLimit, referenceOf } from './state.ts';
import { isMachine } from './transitions.ts';
import { alreadySo, type CompanionVerb, type IncidentVerb } from './verb.ts';
import { isOpen } from './vocabulary.ts';

/**
 * Makes an open incident part of another open one, the winner. Its signals, timeline, errors and runs stay its own; what
 * leads to it (its dedup and correlation keys) leads to the winner from here on, and its firing signals keep the winner
 * from being over. The winner becomes as severe as it was, if it was more severe.
 */
export const merge: IncidentVerb<'mergeIncidents'> = (input, state, context) => {
  const check = new InputCheck();
  const reason = check.text('reason', input.reason, limits.reason);
  if (input.intoIncidentId === state.id) {
    check.note('intoIncidentId', 'An incident cannot be merged into itself.');
  }
  if (check.refusal !== null) return check.refusal;
  const { intoIncidentId } = input;
  if (state.mergedInto?.incidentId === intoIncidentId && isMachine(context.actor)) return alreadySo;
  if (!isOpen(state.status)) return refuseTransition(state, 'merging it');
  const own = context.facts.incident(state.id);
  const winner = context.facts.incident(intoIncidentId);
  if (own === undefined || winner === undefined) {
    return refuseNotFound('There is no such incident in your organization to merge it into.');
  }
  const refused = unfitWinner(state, winner.state);
  if (refused !== null) return refused;
  return {
    ok: true,
    facts: [{ type: 'INCIDENT_MERGED', payload: { intoIncidentId, intoNumber: winner.number, reason } }],
    companion: { incidentId: intoIncidentId, decide: absorbing({ state, number: own.number }, reason) },
  };
};

function unfitWinner(state: IncidentState, winner: IncidentState): Refused | null {
  if (!isOpen(winner.status)) return refuseWinner(winner);
  if (winner.mode !== state.mode) {
    return refuseField(['intoIncidentId'], 'A drill and a real incident cannot be merged.');
  }
  const keys = new Set([...winner.dedupKeys, ...keysOf(state)]).size;
  if (keys > listLimit) {
    const message = `Together they hold ${keys} dedup keys; at most ${listLimit} may lead to one incident.`;
    return refuseField(['intoIncidentId'], message);
  }
  const merged = new Set([...winner.mergedIncidentIds, ...partsOf(state)]).size;
  if (merged > listLimit) {
    const message = `With it ${merged} incidents would be part of that one; at most ${listLimit} may be.`;
    return refuseField(['intoIncidentId'], message);
  }
  return null;
}

/** The keys it gives: those of a burst and of what is synced are its own for good. */
function keysOf({ dedupKeys }: IncidentState): readonly string[] {
  return dedupKeys.filter((key) => !isKeptForEver(key));
}

function partsOf({ id, mergedIncidentIds }: IncidentState): readonly string[] {
  return [id, ...mergedIncidentIds];
}

/** What it means for the winner. */
function absorbing(
  { state: merged, number }: { readonly state: IncidentState; readonly number: number },
  reason: string,
): CompanionVerb {
  return (state) => {
    if (state === null) return refuseNotFound('There is no such incident in your organization.');
    const { correlationKeys } = state;
    const gained = merged.correlationKeys.filter((key) => !correlationKeys.includes(key));
    const facts: IncidentFact[] = [
      {
        type: 'INCIDENT_ABSORBED',
        payload: {
          incidentId: merged.id,
          number,
          reason,
          mergedIncidentIds: partsOf(merged),
          dedupKeys: keysOf(merged),
          // Beyond the 50th they stay with what was merged.
          correlationKeys: gained.slice(0, Math.max(0, listLimit - correlationKeys.length)),
          openSignalCount: merged.openSignalCount,
        },
      },
    ];
    if (isMoreSevere(merged.severity, state.severity)) {
      const why = clipText(`${referenceOf(number)} was merged into it: ${reason}`, limits.reason);
      facts.push({
        type: 'INCIDENT_SEVERITY_CHANGED',
        payload: { from: state.severity, to: merged.severity, reason: why },
      });
    }
    return { ok: true, facts };
  };
}
