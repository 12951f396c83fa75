import { isUtf8 } from 'node:buffer';
import { nestsDeeper, tooDeep } from '../domain/nestsDeeper.ts';

/** A body read and parsed, or why not. */
export type ReadJson =
  | { readonly value: unknown; readonly raw: Uint8Array }
  | { readonly problem: 'TOO_LARGE'; readonly beginning: Uint8Array }
  | Unparsed;

/** Bytes that are no JSON, or none that can be walked, as they came. */
interface Unparsed {
  readonly problem: 'NOT_UTF8' | 'NOT_JSON' | 'TOO_DEEP';
  readonly raw: Uint8Array;
}

/**
 * Bytes beyond the limit that are read and thrown away before giving up on a body that is too large: a sender that is
 * still writing would otherwise see a broken connection instead of the answer.
 */
const discardedAtMost = 15 * 1_048_576;

/** Bytes of a body that is too large that are kept to show what it was. */
const beginningLimit = 65_536;

/** Reads a request's JSON body of at most `limit` bytes. */
export async function readJson(body: AsyncIterable<Uint8Array>, limit: number): Promise<ReadJson> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let beginning: Uint8Array | null = null;
  for await (const chunk of body) {
    length += chunk.length;
    if (beginning === null) chunks.push(chunk);
    if (length > limit && beginning === null) {
      beginning = Uint8Array.from(Buffer.concat(chunks).subarray(0, beginningLimit));
      chunks.length = 0;
    }
    if (length > limit + discardedAtMost) break;
  }
  if (beginning !== null) return { problem: 'TOO_LARGE', beginning };
  return parseJson(Buffer.concat(chunks));
}

const byteOrderMark = '\ufeff';

/** The JSON in these bytes. */
export function parseJson(raw: Uint8Array): Exclude<ReadJson, { readonly problem: 'TOO_LARGE' }> {
  // Several times as fast as a TextDecoder that refuses what is not UTF-8, which also skips a byte order mark.
  if (!isUtf8(raw)) return { problem: 'NOT_UTF8', raw };
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('utf8');
  try {
    const value: unknown = JSON.parse(text.startsWith(byteOrderMark) ? text.slice(1) : text);
    return nestsDeeper(value) ? { problem: 'TOO_DEEP', raw } : { value, raw };
  } catch {
    return { problem: 'NOT_JSON', raw };
  }
}

/** Why a body that is no JSON cannot be taken in. */
export const unreadableReasons = {
  NOT_UTF8: { reason: 'This is not UTF-8.', problems: [{ path: [], message: 'This is not UTF-8.' }] },
  NOT_JSON: { reason: 'This is not JSON.', problems: [{ path: [], message: 'This is not JSON.' }] },
  TOO_DEEP: { reason: tooDeep, problems: [{ path: [], message: tooDeep }] },
} as const;
