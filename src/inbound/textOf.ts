/**
 * Any value of JSON as a text: a text as it is, all else as JSON, '' for what is absent. `String()` would call what an
 * object from outside has as its `toString`.
 */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
