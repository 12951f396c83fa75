import type { Instant } from '../instant.ts';
import { type MaintenanceWindow, type Recurrence, weekdays } from './maintenanceWindow.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

/** When the window ends that this instant is in; null when it is in none of its occurrences. */
export function windowEnd({ once, recurring }: MaintenanceWindow, at: Instant): Instant | null {
  if (once !== null) return once.from <= at && at < once.until ? once.until : null;
  const end = recurring === null ? null : occurrenceEnd(recurring, Date.parse(at));
  return end === null ? null : new Date(end).toISOString();
}

/** Of several occurrences that the instant is in, the last end counts. */
function occurrenceEnd(recurrence: Recurrence, at: number): number | null {
  const { days, startsAt, durationMinutes, timeZone } = recurrence;
  const duration = durationMinutes * minute;
  const today = Math.floor((at + offsetOf(timeZone, at)) / day);
  const [hours = 0, minutes = 0] = startsAt.split(':').map(Number);
  // Clocks that are turned may put a start on the day before or after.
  const earliest = today - Math.ceil(duration / day) - 1;
  for (let date = today + 1; date >= earliest; date -= 1) {
    // 1970-01-01 was a Thursday.
    const weekday = weekdays[(((date + 4) % 7) + 7) % 7];
    if (weekday === undefined || !days.includes(weekday)) continue;
    const start = instantOf(timeZone, date * day + (hours * 60 + minutes) * minute);
    if (start <= at && at < start + duration) return start + duration;
  }
  return null;
}

/** The instant at which the zone's clocks show this, both in milliseconds as if the clocks were UTC's. */
function instantOf(timeZone: string, shown: number): number {
  const before = offsetOf(timeZone, shown - day);
  const first = shown - before;
  const after = offsetOf(timeZone, first);
  // Shown twice, the first counts.
  if (after === before) return first;
  const second = shown - after;
  // Skipped, it is as much later as clocks are turned.
  return offsetOf(timeZone, second) === after ? second : first;
}

/** How far the zone's clocks are ahead of UTC at an instant, in milliseconds. @throws RangeError for no time zone. */
function offsetOf(timeZone: string, at: number): number {
  const parts = new Map<string, number>();
  for (const { type, value } of formatOf(timeZone).formatToParts(at)) parts.set(type, Number(value));
  const part = (type: string) => parts.get(type) ?? 0;
  const shown = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return shown - Math.floor(at / 1_000) * 1_000;
}

/** Formats are slow to make. */
const formats = new Map<string, Intl.DateTimeFormat>();
const formatsLimit = 600;

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  if (formats.size >= formatsLimit) formats.clear();
  formats.set(timeZone, format);
  return format;
}
