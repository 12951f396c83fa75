import type { IncidentFact } from './events.ts';

/** The automatic resolution of an incident: nobody learned anything yet, which closing asks for. */
export function resolvedBecause(
  because: 'CLEARED' | 'STALE' | 'SILENCE' | 'SYNCED',
  summary: string,
): IncidentFact {
  return {
    type: 'INCIDENT_RESOLVED',
    payload: {
      summary,
      notes: null,
      impactAssessment: null,
      lessonsLearned: null,
      followUps: [],
      automatic: true,
      because,
    },
  };
}
