import { isMoreSevere } from '../detection/mostSevere.ts';
import { suppressorOf } from '../detection/suppressorOf.ts';
import { afterSync, differences, keyOfSync, type SyncedIncident } from '../detection/syncedIncident.ts';
import { declare } from './declare.ts';
import type { IncidentFact } from './events.ts';
import { namingFor } from './naming.ts';
import { resolvedBecause } from './resolvedBecause.ts';
import type { IncidentState } from './state.ts';
import { isFinal } from './transitions.ts';
import { alreadySo, type OpeningVerb } from './verb.ts';
import { isOpen } from './vocabulary.ts';

/**
 * One incident of a sync: declares it, or brings what its source has to where it is now. What a person wrote stays; it
 * is raised, never lowered; said to be resolved it is resolved, past the gates and whatever the policy, once no alert
 * that it took in fires, and nothing reopens it. Of one that is closed, cancelled or merged nothing changes. In a
 * maintenance window that suppresses it nothing is declared: the next sync after it does.
 */
export const syncIncidents: OpeningVerb<'syncIncidents'> = (
  { incident, targets, declare: place },
  state,
  context,
) => {
  if (state === null) {
    const { at } = context;
    const { source, key, severity, title, startedAt } = incident;
    const { service = null, environment = null } = place;
    const suppressor = suppressorOf({ source, service, environment }, context);
    if (suppressor !== null) {
      return { ok: true, facts: [], lostSignals: [{ reason: 'SUPPRESSED', name: suppressor, count: 1 }] };
    }
    const began = startedAt > at ? at : startedAt;
    const declaration = { ...place, title, severity, source, detectedAt: began, startedAt: began };
    const declared = declare(declaration, null, context, [keyOfSync(source, key)], namingFor(context));
    if (!declared.ok) return declared;
    const first: IncidentFact = { type: 'INCIDENT_SYNCED', payload: { ...incident, changed: [] } };
    return { ok: true, facts: [...declared.facts, first, ...resolution(null, incident)], targets };
  }
  const next = syncedInto(state, incident);
  if (next === null || state.sync === null) return alreadySo;
  const changed = differences(state.sync, next);
  const facts: IncidentFact[] = [
    { type: 'INCIDENT_SYNCED', payload: { ...next, changed } },
    ...raise(state, next),
    ...resolution(state, next),
  ];
  return changed.includes('targetsDigest') ? { ok: true, facts, targets } : { ok: true, facts };
};

/** What this incident keeps of its source after one more sync; null when that changes nothing. */
export function syncedInto(state: IncidentState, told: SyncedIncident): SyncedIncident | null {
  const { sync } = state;
  if (sync === null || sync.source !== told.source || sync.key !== told.key) return null;
  if (isFinal(state.status)) return null;
  const { personal: _personal, ...known } = sync;
  return afterSync(known, told);
}

/** Also of one that is resolved: the record is right whichever of two syncs came first. */
function raise({ sync, severity }: IncidentState, next: SyncedIncident): readonly IncidentFact[] {
  if (sync === null || sync.severity === next.severity || sync.personal.includes('severity')) return [];
  if (!isMoreSevere(next.severity, severity)) return [];
  const reason = `${next.source} has it as ${next.severity}.`;
  return [{ type: 'INCIDENT_SEVERITY_CHANGED', payload: { from: severity, to: next.severity, reason } }];
}

/** Said anew to be resolved: not again what somebody has reopened since. */
function resolution(
  state: IncidentState | null,
  { source, resolvedAt }: SyncedIncident,
): readonly IncidentFact[] {
  if (resolvedAt === null || resolvedAt === state?.sync?.resolvedAt) return [];
  // What still fires holds it open: the last alert that clears resolves it then.
  if (state !== null && (!isOpen(state.status) || state.openSignalCount > 0)) return [];
  if (state?.reopenedAt != null && resolvedAt <= state.reopenedAt) return [];
  return [resolvedBecause('SYNCED', `Resolved automatically: ${source} has it resolved at ${resolvedAt}.`)];
}
