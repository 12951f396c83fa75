import type { IncidentEventOf } from './events.ts';
import { type IncidentState, listLimit } from './state.ts';

/** What a signal, its end, its leaving, or more failed runs change. */
export function evolveSignals(
  state: IncidentState,
  event: IncidentEventOf<
    'INCIDENT_SIGNAL_INGESTED' | 'INCIDENT_SIGNAL_CLEARED' | 'INCIDENT_SIGNAL_SPLIT' | 'INCIDENT_BURST_GREW'
  >,
): Partial<IncidentState> {
  if (event.type === 'INCIDENT_SIGNAL_CLEARED') {
    return { openSignalCount: Math.max(0, state.openSignalCount - 1) };
  }
  if (event.type === 'INCIDENT_BURST_GREW') return grown(state, event);
  if (event.type === 'INCIDENT_SIGNAL_SPLIT') {
    const { signalId, firing, dedupKeys } = event.payload;
    return {
      signalCount: Math.max(0, state.signalCount - 1),
      openSignalCount: Math.max(0, state.openSignalCount - (firing ? 1 : 0)),
      primarySignalId: state.primarySignalId === signalId ? null : state.primarySignalId,
      dedupKeys: state.dedupKeys.filter((key) => !dedupKeys.includes(key)),
    };
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

/** The window of impact follows the burst until somebody writes another. */
function grown(state: IncidentState, event: IncidentEventOf<'INCIDENT_BURST_GREW'>): Partial<IncidentState> {
  const { addedErrors: _errors, addedTargets: _targets, ...burst } = event.payload;
  const before = state.burst;
  return {
    burst,
    startedAt: before === null || state.startedAt === before.startedAt ? burst.startedAt : state.startedAt,
    endedAt: before === null || state.endedAt === before.endedAt ? burst.endedAt : state.endedAt,
  };
}
