import type { EarlyClearing } from '../domain/incident/decision.ts';
import type { Instant } from '../domain/instant.ts';
import type { TableRows } from './port.ts';

/**
 * The rows of clearings that came before what they end. `isFree`: nobody held the dedup key when that was decided; the
 * commit compares it. For `Change.rows`.
 */
export function earlyClearingRows(
  clearings: readonly EarlyClearing[],
  at: Instant,
  isFree: (dedupKey: string) => boolean,
): TableRows {
  if (clearings.length === 0) return {};
  return {
    early_clearing: clearings.map(({ dedupKey, fingerprint, endedAt }) => ({
      dedup_key: dedupKey,
      fingerprint: fingerprint ?? '',
      ended_at: endedAt,
      remembered_at: at,
      free: isFree(dedupKey),
    })),
  };
}
