import { isKeptForEver } from '../domain/detection/burst.ts';
import type { IncidentEvent, IncidentEventType } from '../domain/incident/events.ts';
import type { IncidentState } from '../domain/incident/state.ts';
import type { Change } from './port.ts';

/** Events that end an incident's hold on its keys. */
const ending: ReadonlySet<IncidentEventType> = new Set<IncidentEventType>([
  'INCIDENT_RESOLVED',
  'INCIDENT_CANCELLED',
  'INCIDENT_MERGED',
]);

/**
 * What these events of one incident do to dedup keys: declared or gained, they are taken; resolved, cancelled or merged, the
 * incident gives all of its keys back, and stays known as their last holder; reopened, it takes back those that nobody
 * holds meanwhile. Null when nothing.
 */
export function dedupKeyMoves(
  events: readonly IncidentEvent[],
  after: Pick<IncidentState, 'dedupKeys'>,
): Change['dedupKeys'] {
  const take = new Set<string>();
  const handed = new Set<string>();
  const left = new Set<string>();
  let retake = false;
  let release = false;
  for (const event of events) {
    if (event.type === 'INCIDENT_CREATED') {
      // What its source only claimed, because a newer incident held it when it was reopened, stays that one's.
      const isSplit = event.payload.splitFromIncidentId !== undefined;
      for (const key of event.payload.dedupKeys) (isSplit ? handed : take).add(key);
    }
    if (event.type === 'INCIDENT_UPDATED') {
      for (const key of event.payload.changes.addedDedupKeys ?? []) take.add(key);
    }
    if (event.type === 'INCIDENT_ABSORBED') for (const key of event.payload.dedupKeys) handed.add(key);
    if (event.type === 'INCIDENT_SIGNAL_SPLIT') for (const key of event.payload.dedupKeys) left.add(key);
    if (event.type === 'INCIDENT_REOPENED') [retake, release] = [true, false];
    if (ending.has(event.type)) release = true;
  }
  const all = release ? after.dedupKeys : [];
  const moves = {
    take: after.dedupKeys.filter((key) => take.has(key)),
    retake: after.dedupKeys.filter((key) => retake || handed.has(key)),
    release: [...left, ...all].filter((key) => !isKeptForEver(key)),
  };
  return Object.values(moves).some((keys) => keys.length > 0) ? moves : null;
}
