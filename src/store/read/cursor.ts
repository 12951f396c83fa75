/** The values a row is sorted by, as a client carries them: opaque text that says exactly where a page ended. */
export function encodeCursor(values: readonly (string | number | null)[]): string {
  return Buffer.from(JSON.stringify(values), 'utf8').toString('base64url');
}

/** A cursor is not one of this list's. */
export class CursorError extends Error {
  constructor() {
    super(
      'The cursor is not one of this list. Pass a cursor exactly as an earlier page gave it, with the same order.',
    );
  }
}

/** What each position of a cursor must hold. */
export type CursorPart = 'number' | 'instant' | 'uuid' | 'text';

const patterns: Readonly<Record<Exclude<CursorPart, 'number' | 'text'>, RegExp>> = {
  instant: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/,
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
};

/**
 * The values inside a cursor, each checked against what its position must hold; `?` allows null there.
 * @throws CursorError for anything else: a cursor comes from outside.
 */
export function decodeCursor(
  cursor: string,
  parts: readonly (CursorPart | `${CursorPart}?`)[],
): (string | number | null)[] {
  let values: unknown;
  try {
    values = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw new CursorError();
  }
  if (!Array.isArray(values) || values.length !== parts.length) throw new CursorError();
  parts.forEach((part, index) => {
    if (!fits(values[index], part)) throw new CursorError();
  });
  return values as (string | number | null)[];
}

function fits(value: unknown, part: CursorPart | `${CursorPart}?`): boolean {
  if (value === null) return part.endsWith('?');
  const kind = part.replace('?', '') as CursorPart;
  if (kind === 'number') return Number.isSafeInteger(value);
  if (typeof value !== 'string') return false;
  if (kind === 'text') return value.length <= 1000;
  return patterns[kind].test(value) && (kind !== 'instant' || !Number.isNaN(Date.parse(value)));
}
