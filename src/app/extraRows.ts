import type { Accepted } from '../domain/incident/decision.ts';
import type { Instant } from '../domain/instant.ts';
import { bulkTargetRows } from '../store/bulkTargetRows.ts';
import { earlyClearingRows } from '../store/earlyClearingRows.ts';
import { errorRows } from '../store/errorRows.ts';
import { lostSignalRows } from '../store/lostSignalRows.ts';
import type { TableRows } from '../store/port.ts';
import { runRows } from '../store/runRows.ts';
import { signalRows } from '../store/signalRows.ts';
import { syncedTargetRows } from '../store/syncedTargetRows.ts';
import type { BatchState } from './batchState.ts';

/** The rows of a decision that no event makes. `batch`: as it was decided on, before what it decides is noted there. */
export function extraRows(
  decision: Accepted,
  {
    incidentId,
    at,
    batch,
  }: { readonly incidentId: string; readonly at: Instant; readonly batch: BatchState },
): TableRows {
  const { signalData, signalRepeats, lostSignals, earlyClearings, errors, runs, targets, bulkTargets } =
    decision;
  return {
    ...signalRows(signalData, signalRepeats),
    ...lostSignalRows(lostSignals, at),
    ...earlyClearingRows(earlyClearings, at, (key) => batch.holderOf(key) === undefined),
    ...errorRows(errors),
    ...runRows(runs),
    ...syncedTargetRows(incidentId, targets),
    ...bulkTargetRows(bulkTargets),
  };
}
