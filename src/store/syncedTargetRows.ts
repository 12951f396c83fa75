import type { TableRows } from './port.ts';

/** What an incident's source lists as hit, in place of all it listed before; null leaves it. For `Change.rows`. */
export function syncedTargetRows(incidentId: string, targets: readonly string[] | null): TableRows {
  return targets === null ? {} : { synced_target: [{ incident_id: incidentId, targets }] };
}
