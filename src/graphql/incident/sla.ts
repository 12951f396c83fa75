import { slaInstants } from '../../domain/incident/deadlines.ts';
import type { IncidentState, SlaProgress } from '../../domain/incident/state.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { builder } from '../builder.ts';

/** An SLA: what happened to it, and when it is due under a policy. */
export interface SlaSource {
  readonly progress: SlaProgress;
  readonly dueAt: string;
  readonly atRiskAt: string;
}

/** One SLA of an incident under a policy, at its present severity. */
export function slaOf(
  state: IncidentState,
  policy: Policy,
  kind: 'acknowledgeSla' | 'resolveSla',
): SlaSource {
  const target = policy.sla[state.severity];
  const minutes = kind === 'acknowledgeSla' ? target.acknowledgeWithinMinutes : target.resolveWithinMinutes;
  const progress = state[kind];
  return { progress, ...slaInstants(progress.from, minutes, target.atRiskPercent) };
}

/** An SLA as a client sees it. */
export const Sla = builder.objectRef<SlaSource>('Sla').implement({
  description:
    'A promise of time and what became of it. Neither met nor breached: it still runs, or it ended early.',
  fields: (t) => ({
    dueAt: t.expose('dueAt', { type: 'DateTime', description: 'Until when it must be met.' }),
    atRiskAt: t.expose('atRiskAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it becomes at risk.',
    }),
    metAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was met; null when it was not.',
      resolve: ({ progress }) => progress.metAt,
    }),
    breachedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was breached; null when it was not.',
      resolve: ({ progress }) => progress.breachedAt,
    }),
  }),
});
