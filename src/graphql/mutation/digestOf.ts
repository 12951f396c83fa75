import { createHash } from 'node:crypto';

/** JSON with the keys of every object in order, so that equal inputs are equal text however they were written. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`);
    return `{${fields.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/**
 * SHA-256 (hexadecimal) of a mutation's name and input: what "the same key with other input" compares. The input is
 * the one after coercion, so variables and literals, or two spellings of one instant, are the same request.
 */
export function digestOf(mutation: string, input: unknown): string {
  return createHash('sha256')
    .update(canonical([mutation, input]))
    .digest('hex');
}
