import type { SignalData, SignalRepeat } from '../domain/incident/decision.ts';
import type { TableRows } from './port.ts';

/**
 * The rows of a decision that no event can make: a signal's data (the event has its digest) and repeats of signals
 * known and open, which raise count and last-seen without an event. For `Change.rows`.
 */
export function signalRows(data: readonly SignalData[], repeats: readonly SignalRepeat[]): TableRows {
  return {
    ...(data.length > 0 && {
      signal_data: data.map(({ signalId, json }) => ({ signal_id: signalId, data: json })),
    }),
    ...(repeats.length > 0 && {
      signal_repeat: repeats.map(({ signalId, at }) => ({ id: signalId, count: 1, last_seen_at: at })),
    }),
  };
}
