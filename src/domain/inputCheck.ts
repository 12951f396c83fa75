import type { Refused } from './incident/decision.ts';
import { listLimit } from './incident/state.ts';
import { type Instant, millisecondsBetween, plusMilliseconds } from './instant.ts';
import type { FieldProblem } from './refusal.ts';
import { refuseInvalid } from './refuse.ts';
import { textProblem } from './textProblem.ts';

/** How far in the future an instant of the past may lie: the caller's clock may be ahead of ours. Milliseconds. */
const clockSkewMilliseconds = 5 * 60_000;

/** Bounds of a text, in UTF-16 units. */
interface TextBounds {
  /** 1 unless given; spaces alone count as nothing. */
  readonly min?: number;
  readonly max: number;
}

/**
 * Collects what is wrong with an input, all of it, while reading it: each method answers the value as the domain
 * keeps it, or a harmless stand-in when it noted a problem. Ask `refusal` before using the answers.
 */
export class InputCheck {
  readonly #problems: FieldProblem[] = [];

  /** Notes a problem. */
  note(path: string | readonly string[], message: string): void {
    this.#problems.push({ path: typeof path === 'string' ? [path] : path, message });
  }

  /** What was noted, as a ValidationError; null when nothing was. */
  get refusal(): Refused | null {
    return this.#problems.length === 0 ? null : refuseInvalid(this.#problems);
  }

  /** A document: kept exactly as written. */
  document(path: string | readonly string[], value: string, bounds: TextBounds): string {
    const problem = textProblem(value, bounds.min ?? 1, bounds.max);
    if (problem !== null) this.note(path, problem);
    return problem === null ? value : '';
  }

  /** A text: spaces around it are dropped. */
  text(path: string | readonly string[], value: string, max: number): string {
    return this.document(path, value.trim(), { max });
  }

  /** A text that may be missing: absent, null and blank are all null. */
  optionalText(
    path: string | readonly string[],
    value: string | null | undefined,
    max: number,
  ): string | null {
    if (value == null || value.trim() === '') return null;
    return this.text(path, value, max);
  }

  /** A list of at most `max`, 50 unless given; each entry is read by `read` with its own path. */
  list<V, R>(
    path: string,
    values: readonly V[] | null | undefined,
    read: (path: readonly string[], value: V) => R,
    max: number = listLimit,
  ): R[] {
    if (values == null) return [];
    if (values.length > max) {
      this.note(path, `At most ${max} are allowed; these are ${values.length}.`);
      return [];
    }
    return values.map((value, index) => read([path, String(index)], value));
  }

  /** A list of texts, each once. */
  texts(path: string, values: readonly string[] | null | undefined, max: number): string[] {
    return [...new Set(this.list(path, values, (at, value) => this.text(at, value, max)))];
  }

  /** An instant between 1970 and 9999, as ISO-8601 UTC with milliseconds. */
  instant(path: string | readonly string[], value: string): Instant {
    const time = Date.parse(value);
    if (Number.isNaN(time) || time < 0 || time > 253_402_300_799_999) {
      this.note(path, 'An instant between 1970 and 9999 is expected, e.g. 2026-01-31T12:00:00.000Z.');
      return plusMilliseconds('1970-01-01T00:00:00.000Z', 0);
    }
    return new Date(time).toISOString();
  }

  /** An instant that is not after `now`, but for {@link clockSkewMilliseconds}. */
  pastInstant(path: string | readonly string[], value: string, now: Instant): Instant {
    const instant = this.instant(path, value);
    if (millisecondsBetween(now, instant) > clockSkewMilliseconds) {
      this.note(path, 'This lies in the future; at most 5 minutes of clock skew are allowed.');
    }
    return instant;
  }

  /** The same, where none means null. */
  optionalPastInstant(path: string, value: string | null | undefined, now: Instant): Instant | null {
    return value == null ? null : this.pastInstant(path, value, now);
  }

  /** An http or https URL. */
  url(path: string | readonly string[], value: string, max: number): string {
    const url = this.text(path, value, max);
    if (url !== '' && !/^https?:\/\/[^\s/?#"\\<>]+[^\s"\\<>]*$/i.test(url)) {
      this.note(path, 'An http:// or https:// URL is expected.');
    }
    return url;
  }

  /** A whole number within bounds. */
  whole(path: string | readonly string[], value: number, min: number, max: number): number {
    if (!Number.isInteger(value) || value < min || value > max) {
      this.note(path, `A whole number from ${min} to ${max} is expected.`);
      return min;
    }
    return value;
  }

  /** A finite number, not negative. */
  amount(path: string | readonly string[], value: number): number {
    if (!Number.isFinite(value) || value < 0) {
      this.note(path, 'A number of 0 or more is expected.');
      return 0;
    }
    return value;
  }
}
