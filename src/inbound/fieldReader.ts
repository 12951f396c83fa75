import type { Instant } from '../domain/instant.ts';
import type { FieldProblem } from '../domain/refusal.ts';

/** The most problems told about one body. */
const problemLimit = 20;

/** The last instant that ISO-8601 writes with four digits of year. */
const lastInstant = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** A JSON object as it came: every field unknown. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether this is a JSON object, neither a list nor null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads fields of a body from outside and remembers, with its path, each that is not as it should be. */
export class FieldReader {
  readonly problems: FieldProblem[] = [];

  /** Remembers a problem. */
  note(path: readonly string[], message: string): void {
    if (this.problems.length < problemLimit) this.problems.push({ path, message });
  }

  /** A text that is not blank; '' once noted. */
  text(path: readonly string[], value: unknown): string {
    if (typeof value === 'string' && value.trim() !== '') return value;
    this.note(path, value === undefined ? 'This is missing; a text is expected.' : 'A text is expected.');
    return '';
  }

  /** One of these texts; the first once noted. */
  oneOf<T extends string>(path: readonly string[], value: unknown, allowed: readonly [T, ...T[]]): T {
    const found = allowed.find((one) => one === value);
    if (found !== undefined) return found;
    this.note(path, `${allowed.map((one) => `"${one}"`).join(' or ')} is expected.`);
    return allowed[0];
  }

  /** An object; an empty one once noted. */
  object(path: readonly string[], value: unknown): JsonObject {
    if (isJsonObject(value)) return value;
    this.note(
      path,
      value === undefined ? 'This is missing; an object is expected.' : 'An object is expected.',
    );
    return {};
  }

  /** An object whose values are texts, as labels are; absent is empty. */
  texts(path: readonly string[], value: unknown): Readonly<Record<string, string>> {
    if (value === undefined || value === null) return {};
    const object = this.object(path, value);
    for (const [name, text] of Object.entries(object)) {
      if (typeof text !== 'string') this.note([...path, name], 'A text is expected.');
    }
    return object as Readonly<Record<string, string>>;
  }

  /** A list; an empty one once noted. */
  list(path: readonly string[], value: unknown): readonly unknown[] {
    if (Array.isArray(value)) return value;
    this.note(path, value === undefined ? 'This is missing; a list is expected.' : 'A list is expected.');
    return [];
  }

  /**
   * An instant that begins as those of ISO 8601 do, to the millisecond; of UTC where it names no zone, wherever this
   * machine stands. Null when absent, and for what senders write for "none": instants before 1970, such as Go's zero time.
   */
  instant(path: readonly string[], value: unknown): Instant | null {
    if (value === undefined || value === null || value === '') return null;
    const time = typeof value === 'string' ? timeOf(value.trim()) : Number.NaN;
    if (Number.isNaN(time)) {
      this.note(path, 'An instant is expected, e.g. 2026-01-31T12:00:00Z.');
      return null;
    }
    return time < 0 || time > lastInstant ? null : new Date(time).toISOString();
  }
}

/** Milliseconds since 1970; NaN for what is no instant, such as "1", which `Date` takes for a month. */
function timeOf(text: string): number {
  if (!/^\d{4}-\d{2}-\d{2}(?:[Tt ]|$)/.test(text)) return Number.NaN;
  const namesNoZone = /^.{10}[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/.test(text);
  return Date.parse(namesNoZone ? `${text}Z` : text);
}
