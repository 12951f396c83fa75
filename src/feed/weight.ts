import type { FeedEntry } from './entry.ts';

/** What an object, array or boxed number costs besides its text, in bytes; on the generous side. */
const nodeBytes = 32;

/**
 * About how many bytes an entry holds in memory: its body, the parsed event and the incident after it. States share
 * text with their neighbours, so this is an upper bound, which is what a bound on memory needs.
 */
export function weightOf({ entry, after }: FeedEntry): number {
  if (entry.ledger === 'RUNS') return 128 + weightOfValue(entry.run);
  return 512 + 2 * entry.body.length + weightOfValue(entry.event) + weightOfValue(after);
}

function weightOfValue(value: unknown): number {
  if (typeof value === 'string') return nodeBytes + 2 * value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let bytes = nodeBytes;
  for (const key in value) bytes += 8 + weightOfValue((value as Record<string, unknown>)[key]);
  return bytes;
}
