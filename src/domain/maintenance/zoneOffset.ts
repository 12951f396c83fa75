const day = 24 * 60 * 60_000;

/** Offsets at the beginnings of days: zone → day since 1970 → milliseconds. */
const offsets = new Map<string, Map<number, number>>();
let count = 0;
const countLimit = 50_000;

/**
 * How far the zone's clocks are ahead of UTC at an instant, both in milliseconds. Clocks are asked, which is slow, once a
 * day of a zone, and each time only on days on which they are turned. @throws RangeError for no time zone.
 */
export function zoneOffset(timeZone: string, at: number): number {
  const today = Math.floor(at / day);
  const offset = offsetAtStart(timeZone, today);
  return offset === offsetAtStart(timeZone, today + 1) ? offset : shownOffset(timeZone, at);
}

function offsetAtStart(timeZone: string, date: number): number {
  const known = offsets.get(timeZone)?.get(date);
  if (known !== undefined) return known;
  const offset = shownOffset(timeZone, date * day);
  if (count >= countLimit) {
    offsets.clear();
    count = 0;
  }
  const ofZone = offsets.get(timeZone) ?? new Map<number, number>();
  offsets.set(timeZone, ofZone.set(date, offset));
  count += 1;
  return offset;
}

function shownOffset(timeZone: string, at: number): number {
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
