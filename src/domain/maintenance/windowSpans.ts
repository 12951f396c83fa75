import { type MaintenanceWindow, type Recurrence, weekdays } from './maintenanceWindow.ts';
import { zoneOffset } from './zoneOffset.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

/** A stretch of time in milliseconds; `until` is not part of it. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** The occurrences of a window that overlap these instants or what is between them, in milliseconds; the first first. */
export function windowSpans(window: MaintenanceWindow, from: number, until: number): readonly Span[] {
  const { once, recurring } = window;
  if (recurring !== null) return occurrences(recurring, from, until);
  const span = once && { from: Date.parse(once.from), until: Date.parse(once.until) };
  return span !== null && span.from <= until && from < span.until ? [span] : [];
}

function occurrences(recurrence: Recurrence, from: number, until: number): readonly Span[] {
  const { days, startsAt, durationMinutes, timeZone } = recurrence;
  const duration = durationMinutes * minute;
  const [hours = 0, minutes = 0] = startsAt.split(':').map(Number);
  const dateOf = (at: number) => Math.floor((at + zoneOffset(timeZone, at)) / day);
  const spans: Span[] = [];
  // Clocks that are turned may put a start on the day before or after.
  const last = dateOf(until) + 1;
  for (let date = dateOf(from) - Math.ceil(duration / day) - 1; date <= last; date += 1) {
    // 1970-01-01 was a Thursday.
    const weekday = weekdays[(((date + 4) % 7) + 7) % 7];
    if (weekday === undefined || !days.includes(weekday)) continue;
    const start = instantOf(timeZone, date * day + (hours * 60 + minutes) * minute);
    if (start <= until && from < start + duration) spans.push({ from: start, until: start + duration });
  }
  return spans;
}

/** The instant at which the zone's clocks show this, both in milliseconds as if the clocks were UTC's. */
function instantOf(timeZone: string, shown: number): number {
  const before = zoneOffset(timeZone, shown - day);
  const first = shown - before;
  const after = zoneOffset(timeZone, first);
  // Shown twice, the first counts.
  if (after === before) return first;
  const second = shown - after;
  // Skipped, it is as much later as clocks are turned.
  return zoneOffset(timeZone, second) === after ? second : first;
}
