import type { Deadline } from '../../domain/incident/deadline.ts';
import { deadlinesOf } from '../../domain/incident/deadlines.ts';
import type { DeadlineKind } from '../../domain/incident/vocabulary.ts';
import { plusMinutes } from '../../domain/instant.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { DeadlineKindEnum } from '../enums.ts';
import { EscalationTarget } from '../escalation/escalationTarget.ts';
import { type IncidentSource, policyOf } from './incidentSource.ts';

const sentences: Readonly<Record<DeadlineKind, string>> = {
  ACKNOWLEDGE_SLA_AT_RISK: 'The acknowledge SLA becomes at risk.',
  ACKNOWLEDGE_SLA: 'The acknowledge SLA is breached.',
  RESOLVE_SLA_AT_RISK: 'The resolve SLA becomes at risk.',
  RESOLVE_SLA: 'The resolve SLA is breached.',
  ESCALATION: 'It escalates.',
  AUTO_RESOLVE_WARNING: 'A warning that it will resolve by itself.',
  AUTO_RESOLVE: 'It resolves by itself.',
  SESSION_GATE: 'The session gate begins to block.',
};

/** Something the scheduler will do to an incident. */
export const PendingAction = builder.objectRef<Deadline>('PendingAction').implement({
  description: 'Something that will happen to it by itself unless somebody acts.',
  fields: (t) => ({
    kind: t.expose('kind', { type: DeadlineKindEnum, description: 'What kind of thing.' }),
    dueAt: t.expose('dueAt', {
      type: 'DateTime',
      description: 'When; an instant in the past is about to happen.',
    }),
    description: t.string({
      description: 'What will happen, in a sentence for a person.',
      resolve: describeDeadline,
    }),
    target: t.field({
      type: EscalationTarget,
      nullable: true,
      description: 'Whom an escalation will go to; null for everything else.',
      resolve: ({ escalation }) => escalation?.target ?? null,
    }),
  }),
});

function describeDeadline({ kind, key, dueAt, escalation }: Deadline): string {
  if (escalation === null) return sentences[kind];
  const isHeld = dueAt > plusMinutes(escalation.base, escalation.afterMinutes);
  return isHeld
    ? `It escalates by the rule "${key}" when the snooze ends.`
    : `It escalates by the rule "${key}".`;
}

/**
 * What lies ahead. Of the session gate that is an instant to come: whether one that has come was written is not in the
 * incident's own events, and it is within seconds.
 */
export async function pendingActions(
  source: IncidentSource,
  _args: object,
  context: GraphQLContext,
): Promise<readonly Deadline[]> {
  const moment = source.isPast ? (source.moment ?? source.state.updatedAt) : context.clock.now();
  const deadlines = deadlinesOf(source.state, await policyOf(source, context));
  return deadlines.filter(({ kind, dueAt }) => kind !== 'SESSION_GATE' || dueAt > moment);
}
