/**
 * An instant as ISO-8601 UTC text with milliseconds, e.g. `2026-11-20T19:00:00.000Z`. Text sorts as time does, is
 * what event bodies and states hold, and survives JSON without a codec.
 */
export type Instant = string;

/** The instant `milliseconds` after `instant` (negative: before). */
export function plusMilliseconds(instant: Instant, milliseconds: number): Instant {
  return new Date(Date.parse(instant) + milliseconds).toISOString();
}

/** The instant `minutes` after `instant`; fractions allowed. */
export function plusMinutes(instant: Instant, minutes: number): Instant {
  return plusMilliseconds(instant, minutes * 60_000);
}

/** Milliseconds from `from` to `until`; negative when `until` is earlier. */
export function millisecondsBetween(from: Instant, until: Instant): number {
  return Date.parse(until) - Date.parse(from);
}
