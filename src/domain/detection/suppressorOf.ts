import type { DecideContext, Facts } from '../incident/decision.ts';
import { suppressedBy } from '../maintenance/inMaintenance.ts';
import type { SignalCandidate } from './outcomeOf.ts';

/** By what rules and maintenance windows judge what is not an incident yet. */
export interface JudgingContext extends Pick<DecideContext, 'policy' | 'at'> {
  readonly facts: Pick<Facts, 'name'>;
}

/** The name of the maintenance window that keeps what is like this from declaring now; null when none does. */
export function suppressorOf(
  { source, environment, service }: Pick<SignalCandidate, 'source' | 'environment' | 'service'>,
  { policy, facts, at }: JudgingContext,
): string | null {
  if (policy.maintenanceWindows.length === 0) return null;
  // A service that is made now is in no window.
  const serviceId = service === null ? null : (facts.name('SERVICE', service) ?? null);
  const subject = { source, environment, serviceId };
  return suppressedBy(policy.maintenanceWindows, subject, at)?.name ?? null;
}
