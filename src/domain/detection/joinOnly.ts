import type { IncidentCommandInputs } from '../incident/commands.ts';
import type { DecideContext, SignalData, SignalRepeat } from '../incident/decision.ts';
import type { IncidentFact } from '../incident/events.ts';
import { namingFor } from '../incident/naming.ts';
import { type IncidentState, listLimit } from '../incident/state.ts';
import { ingested } from './ingested.ts';

type Firing = IncidentCommandInputs['receiveSignals']['firing'];

/**
 * Attaches signals that only join to an open incident of another dedup key, or none: as evidence, like one a person
 * attaches. They keep nothing open, are cleared by nobody and raise nothing; a repeat only counts.
 */
export function joinOnly(firing: Firing, state: IncidentState, context: DecideContext) {
  const naming = namingFor(context);
  const facts: IncidentFact[] = [];
  const signalData: SignalData[] = [];
  const signalRepeats: SignalRepeat[] = [];
  const keys = new Set(state.correlationKeys);
  const seen = new Set<string>();
  for (const signal of firing) {
    if (seen.has(signal.fingerprint)) continue;
    seen.add(signal.fingerprint);
    const open = context.facts.openSignal(signal.fingerprint);
    if (open !== undefined) {
      signalRepeats.push({ signalId: open, at: context.at });
      continue;
    }
    const signalId = context.newId();
    const payload = ingested(signal, { signalId, naming, at: context.at, firing: false });
    const key = payload.correlationKey;
    const keyJoined = key !== null && (keys.has(key) || keys.size < listLimit);
    if (key !== null && keyJoined) keys.add(key);
    facts.push({
      type: 'INCIDENT_SIGNAL_INGESTED',
      payload: { ...payload, keyJoined, ...naming.made() },
    });
    if (signal.data != null) signalData.push({ signalId, json: signal.data.json });
  }
  return { facts, signalData, signalRepeats };
}
