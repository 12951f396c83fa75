import type { ReportedError } from './errorReport.ts';

/**
 * What errors of one kind have in common, as text: where it is from, what it is, and its message without what differs
 * from one occurrence to the next (ids, numbers, addresses, quoted values), whatever its case and spacing.
 */
export function errorFingerprint({
  source,
  component,
  type,
  message,
}: Pick<ReportedError, 'source' | 'component' | 'type' | 'message'>): string {
  return JSON.stringify([source, component ?? '', type ?? '', normalized(message)].map(folded));
}

const varying: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<id>'],
  [/\b[^\s@"'<>]{1,64}@[^\s@"'<>]{1,255}/g, '<email>'],
  [/https?:\/\/[^\s"'<>]+/gi, '<url>'],
  [/"[^"\n]{0,200}"|'[^'\n]{0,200}'/g, '<value>'],
  [/\b0x[0-9a-f]+\b/gi, '<number>'],
  // Digests and the like: letters and digits of which some are digits.
  [/\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, '<id>'],
  [/\d+(?:[.,:]\d+)*/g, '<number>'],
];

function normalized(message: string): string {
  let text = message;
  for (const [pattern, stand] of varying) text = text.replace(pattern, stand);
  return text;
}

function folded(text: string): string {
  return text.replace(/\s+/g, ' ').trim().toLowerCase();
}
