/** The three ways HTTP writes a date: as all do now, and the two that RFC 9110 has everybody understand. */
const dates = [
  /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]+day, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/,
];

/**
 * The wait that a `Retry-After` asks for, in milliseconds: so many seconds, or until a date as the clock that `now` was
 * read from says it, so that the other side's clock is compared with itself. Null when it asks for none, or says
 * nothing that can be read.
 */
export function retryAfterOf(header: string | null, now: string): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const wait = instantOf(text) - instantOf(now.trim());
  return Number.isNaN(wait) ? null : Math.max(0, wait);
}

/** Milliseconds since 1970; NaN for what is no date of HTTP. */
function instantOf(text: string): number {
  if (!dates.some((date) => date.test(text))) return Number.NaN;
  return Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
}
