/** Control characters but line feed and tab, and surrogates without their pair: what the ledger refuses. */
const refused = /[^\P{Cc}\n\t]|\p{Cs}/gu;

/**
 * A text from outside as the ledger accepts it: characters it refuses become spaces, spaces around are dropped, and
 * what is longer than `max` UTF-16 units ends in an ellipsis. An alert is never turned away for its wording.
 */
export function clip(text: string, max: number): string {
  const clean = text.replace(refused, ' ').trim();
  if (clean.length <= max) return clean;
  const cut = clean.slice(0, max - 1);
  // Not in the middle of a surrogate pair.
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** The same, where nothing readable, or no text at all, is null. */
export function clipOrNull(text: unknown, max: number): string | null {
  if (typeof text !== 'string') return null;
  return clip(text, max) || null;
}

/** The first of these texts with anything readable in it; `otherwise` when there is none. */
export function firstText(texts: readonly (string | undefined)[], max: number, otherwise: string): string {
  for (const text of texts) {
    const clipped = clipOrNull(text, max);
    if (clipped !== null) return clipped;
  }
  return otherwise;
}

/** An http or https URL of at most `max` characters; null for anything else, as half a URL leads nowhere. */
export function httpUrlOrNull(text: unknown, max: number): string | null {
  if (typeof text !== 'string' || text.length > max) return null;
  return /^https?:\/\/[^\s/?#"\\<>]+(?:[/?#][^\s"\\<>]*)?$/i.test(text) && clip(text, max) === text
    ? text
    : null;
}
