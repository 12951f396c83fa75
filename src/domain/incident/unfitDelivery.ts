import { InputCheck } from '../inputCheck.ts';
import { checkedSignal } from './attachSignal.ts';
import type { IncidentCommandInputs } from './commands.ts';
import type { DecideContext, Refused } from './decision.ts';
import { limits } from './limits.ts';

/**
 * What in a connector's delivery does not fit the ledger, or null. Connectors clip what they translate, so that no
 * alert is lost for its wording: a refusal here is a connector's mistake. How it declares is the declaration's to check.
 */
export function unfitDelivery(
  input: IncidentCommandInputs['receiveSignals'],
  context: DecideContext,
): Refused | null {
  const check = new InputCheck();
  check.text('dedupKey', input.dedupKey, limits.key);
  for (const [index, signal] of input.firing.entries()) {
    const path = ['firing', String(index)];
    // A source's clock may be ahead: the signal counts as observed now, whatever it says.
    checkedSignal(check, { ...signal, at: null }, context, path);
    if (signal.at != null) check.instant([...path, 'at'], signal.at);
    if (signal.beganAt != null) check.instant([...path, 'beganAt'], signal.beganAt);
    check.text([...path, 'fingerprint'], signal.fingerprint, limits.key);
  }
  for (const [index, { fingerprint, at }] of input.cleared.entries()) {
    check.text(['cleared', String(index), 'fingerprint'], fingerprint, limits.key);
    if (at !== null) check.instant(['cleared', String(index), 'at'], at);
  }
  if (input.resolvedAt != null) check.instant(['resolvedAt'], input.resolvedAt);
  check.optionalText(['acknowledge', 'note'], input.acknowledge?.note, limits.reason);
  return check.refusal;
}
