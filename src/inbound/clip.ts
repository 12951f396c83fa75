import { clipText } from '../domain/clipText.ts';
import { withoutRefused } from '../domain/textProblem.ts';

/**
 * A text from outside as the ledger accepts it: characters it refuses become spaces, spaces around are dropped, and
 * what is longer than `max` UTF-16 units ends in an ellipsis. An alert is never turned away for its wording.
 */
export function clip(text: string, max: number): string {
  return clipText(withoutRefused(text).trim(), max);
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
