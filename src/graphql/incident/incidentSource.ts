import type { IncidentRecord } from '../../domain/incident/state.ts';
import { isOpen } from '../../domain/incident/vocabulary.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import type { GraphQLContext } from '../context.ts';

/** An incident as it is (`isPast` absent) or as it was: the same state, under the policy of now or of then. */
export interface IncidentSource extends IncidentRecord {
  readonly isPast?: true;
  /** Of a past one: the instant asked about, where one was; otherwise that of its latest event. */
  readonly moment?: Instant | undefined;
}

/** The policy that says what is due: of now for an open incident, otherwise the one its latest event was under. */
export async function policyOf(source: IncidentSource, { loaders }: GraphQLContext): Promise<Policy> {
  const isPlanned = !source.isPast && isOpen(source.state.status);
  const policy = await loaders.policy.load(isPlanned ? 'CURRENT' : source.policyVersion);
  if (policy === null) throw new Error(`Policy version ${source.policyVersion} is missing.`);
  return policy;
}
