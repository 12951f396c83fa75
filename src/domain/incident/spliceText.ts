/** At `offset` (UTF-16 units), `deleted` units are replaced by `inserted`. */
export interface Splice {
  readonly offset: number;
  readonly deleted: number;
  readonly inserted: string;
}

/** `text` after the splice. */
export function spliceText(text: string, splice: Splice): string {
  return text.slice(0, splice.offset) + splice.inserted + text.slice(splice.offset + splice.deleted);
}

/**
 * The splice that makes `after` of `before`: what lies between their common beginning and end. It never cuts a
 * surrogate pair in two, so `inserted` is well-formed whenever `after` is.
 */
export function spliceBetween(before: string, after: string): Splice {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  if (start > 0 && isHighSurrogate(before.charCodeAt(start - 1))) start--;
  let end = 0;
  while (
    end < most - start &&
    before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)
  ) {
    end++;
  }
  if (end > 0 && isLowSurrogate(before.charCodeAt(before.length - end))) end--;
  return {
    offset: start,
    deleted: before.length - start - end,
    inserted: after.slice(start, after.length - end),
  };
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
