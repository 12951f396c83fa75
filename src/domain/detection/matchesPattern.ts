/**
 * Whether the whole text is what the pattern says, compared without case; `*` stands for any text, also none. Nothing
 * else is special, so that no pattern takes longer than the product of both lengths.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  const wanted = pattern.toLowerCase();
  const given = text.toLowerCase();
  let at = 0;
  let star = -1;
  let resumed = 0;
  for (let index = 0; index < given.length; ) {
    if (wanted[at] === '*') {
      star = at;
      at += 1;
      resumed = index;
    } else if (wanted[at] === given[index]) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      resumed += 1;
      at = star + 1;
      index = resumed;
    } else {
      return false;
    }
  }
  return /^\**$/.test(wanted.slice(at));
}
