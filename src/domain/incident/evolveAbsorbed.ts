import type { IncidentEventOf } from './events.ts';
import { type IncidentState, listLimit } from './state.ts';

/** What another incident brings when it becomes part of this one. */
export function evolveAbsorbed(
  state: IncidentState,
  { payload }: IncidentEventOf<'INCIDENT_ABSORBED'>,
): Partial<IncidentState> {
  return {
    dedupKeys: joined(state.dedupKeys, payload.dedupKeys),
    correlationKeys: joined(state.correlationKeys, payload.correlationKeys),
    mergedIncidentIds: joined(state.mergedIncidentIds, payload.mergedIncidentIds),
    openSignalCount: state.openSignalCount + payload.openSignalCount,
  };
}

function joined(own: readonly string[], others: readonly string[]): readonly string[] {
  return [...new Set([...own, ...others])].slice(0, listLimit);
}
