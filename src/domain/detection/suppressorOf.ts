import type { DecideContext } from '../incident/decision.ts';
import { suppressedBy } from '../maintenance/inMaintenance.ts';
import type { SignalCandidate } from './outcomeOf.ts';

/** The name of the maintenance window that keeps what is like this from declaring now; null when none does. */
export function suppressorOf(
  { source, environment, service }: Pick<SignalCandidate, 'source' | 'environment' | 'service'>,
  { policy, facts, at }: Pick<DecideContext, 'policy' | 'facts' | 'at'>,
): string | null {
  if (policy.maintenanceWindows.length === 0) return null;
  // A service that is made now is in no window.
  const serviceId = service === null ? null : (facts.name('SERVICE', service) ?? null);
  const subject = { source, environment, serviceId };
  return suppressedBy(policy.maintenanceWindows, subject, at)?.name ?? null;
}
