import type { LostSignals } from '../domain/detection/judgeDelivery.ts';
import type { Instant } from '../domain/instant.ts';
import type { TableRows } from './port.ts';

/** The rows that count signals which became part of no incident, by the hour. For `Change.rows`. */
export function lostSignalRows(lost: readonly LostSignals[], at: Instant): TableRows {
  if (lost.length === 0) return {};
  const hour = `${at.slice(0, 'YYYY-MM-DDTHH'.length)}:00:00.000Z`;
  return { lost_signal: lost.map(({ reason, name, count }) => ({ hour, reason, name, count, last_at: at })) };
}
