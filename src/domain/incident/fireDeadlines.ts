import { silenceEndsAt } from '../detection/burst.ts';
import { deadlinesOf } from './deadlines.ts';
import type { DecideContext } from './decision.ts';
import type { IncidentFact } from './events.ts';
import { resolvedBecause } from './resolvedBecause.ts';
import type { IncidentState } from './state.ts';
import { agreed, type IncidentVerb } from './verb.ts';

/**
 * What the scheduler's command adds once SLAs and escalations are settled: the warning of an auto-resolution and the
 * auto-resolution itself, whichever are due, past the gates. A timer that comes early, or for something that no
 * longer applies, decides nothing.
 */
export const fireDeadlines: IncidentVerb<'fireDeadlines'> = (_input, state, context) => {
  const facts: IncidentFact[] = [];
  const deadlines = deadlinesOf(state, context.policy);
  const resolution = deadlines.find((deadline) => deadline.kind === 'AUTO_RESOLVE');
  for (const { kind, dueAt } of deadlines) {
    if (dueAt > context.at) break;
    if (kind === 'AUTO_RESOLVE_WARNING') {
      const resolvesAt = resolution?.dueAt ?? dueAt;
      facts.push({ type: 'INCIDENT_AUTO_RESOLVE_WARNED', payload: { resolvesAt } });
    } else if (kind === 'AUTO_RESOLVE') {
      facts.push(autoResolved(state, context));
    }
  }
  return agreed(...facts);
};

function autoResolved(state: IncidentState, { policy }: DecideContext): IncidentFact {
  const { silenceMinutes, staleAfterHours } = policy.autoResolve;
  return silenceEndsAt(state, silenceMinutes) === null
    ? resolvedBecause('STALE', `Resolved automatically after ${staleAfterHours} h without activity.`)
    : resolvedBecause('SILENCE', `Resolved automatically: no run failed for ${silenceMinutes} min.`);
}
