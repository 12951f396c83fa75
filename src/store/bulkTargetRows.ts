import type { BulkTarget } from '../domain/incident/decision.ts';
import type { TableRows } from './port.ts';

/** The rows of the targets of bulk actions that begin, which no event makes. For `Change.rows`. */
export function bulkTargetRows(targets: readonly BulkTarget[]): TableRows {
  if (targets.length === 0) return {};
  return {
    bulk_action_target: targets.map(({ bulkActionId, ordinal, target }) => ({
      bulk_action_id: bulkActionId,
      ordinal,
      target,
    })),
  };
}
