import { deadlinesOf } from './deadlines.ts';
import type { IncidentFact } from './events.ts';
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
      facts.push(resolvedAsStale(context.policy.autoResolve.staleAfterHours ?? 0));
    }
  }
  return agreed(...facts);
};

function resolvedAsStale(staleAfterHours: number): IncidentFact {
  return {
    type: 'INCIDENT_RESOLVED',
    payload: {
      summary: `Resolved automatically after ${staleAfterHours} h without activity.`,
      notes: null,
      impactAssessment: null,
      lessonsLearned: null,
      followUps: [],
      automatic: true,
      because: 'STALE',
    },
  };
}
