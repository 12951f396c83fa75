import type { IncidentEventOf } from './events.ts';
import { type IncidentState, listLimit } from './state.ts';

/** What a signal, or its end, changes. */
export function evolveSignals(
  state: IncidentState,
  event: IncidentEventOf<'INCIDENT_SIGNAL_INGESTED' | 'INCIDENT_SIGNAL_CLEARED'>,
): Partial<IncidentState> {
  if (event.type === 'INCIDENT_SIGNAL_CLEARED') {
    return { openSignalCount: Math.max(0, state.openSignalCount - 1) };
  }
  const { payload } = event;
  const key = payload.keyJoined ? payload.correlationKey : null;
  const joins =
    key !== null && !state.correlationKeys.includes(key) && state.correlationKeys.length < listLimit;
  return {
    signalCount: state.signalCount + 1,
    openSignalCount: state.openSignalCount + (payload.firing ? 1 : 0),
    primarySignalId: state.primarySignalId ?? payload.signalId,
    correlationKeys: joins ? [...state.correlationKeys, key] : state.correlationKeys,
  };
}
