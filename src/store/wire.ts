import type { Instant } from '../domain/instant.ts';

/** What holds U+0000 or an unpaired surrogate fits no column, so it names nothing: it is refused when decided. */
export const unstorable = /[\0\p{Cs}]/u;

/** The texts that fit a column. */
export function storable(texts: readonly string[]): readonly string[] {
  return texts.filter((text) => !unstorable.test(text));
}

/** The list, or nothing to send when it is empty: the database looks only for what it is asked. */
export function unlessEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** PostgreSQL writes an instant in JSON as `2026-11-20T19:00:00.12+00:00`. */
export function instantOf(text: string): Instant;
export function instantOf(text: string | null): Instant | null;
export function instantOf(text: string | null): Instant | null {
  return text === null ? null : new Date(text).toISOString();
}
