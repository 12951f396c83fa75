/** A number where a text is expected is that number: many ids and severities are written so. Anything else is itself. */
export function textual(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value;
}
