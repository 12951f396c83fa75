/**
 * What keeps a text out of the ledger, in words for whoever sent it, or null when nothing does. Lengths count UTF-16
 * units. Refused are U+0000 and other control characters but line feed and tab, and surrogates without their pair:
 * PostgreSQL, JSON and hashing must all agree on what the text is.
 */
export function textProblem(text: string, min: number, max: number): string | null {
  if (text.length > max) return `At most ${max} characters are allowed; these are ${text.length}.`;
  if (min > 0 && text.trim().length < min)
    return min === 1 ? 'This must not be blank.' : `At least ${min} characters are expected.`;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (isRefusedControl(unit)) {
      return `The control character U+${unit.toString(16).toUpperCase().padStart(4, '0')} at position ${index} is not allowed; only line feed and tab are.`;
    }
    if (unit < 0xd800 || unit > 0xdfff) continue;
    const next = text.charCodeAt(index + 1);
    if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) {
      return `The character at position ${index} is half of a surrogate pair.`;
    }
    index++;
  }
  return null;
}

/** What {@link textProblem} finds in texts of any length. */
const refused = /[^\P{Cc}\n\t]|\p{Cs}/gu;

/** A text from outside that is not to be turned away for its wording: every character refused here becomes a space. */
export function withoutRefused(text: string): string {
  return text.replace(refused, ' ');
}

function isRefusedControl(unit: number): boolean {
  if (unit < 0x20) return unit !== 0x0a && unit !== 0x09;
  return unit >= 0x7f && unit <= 0x9f;
}
