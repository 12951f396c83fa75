/** A body read and parsed, or why not. */
export type ReadJson =
  | { readonly value: unknown; readonly raw: Uint8Array }
  | { readonly problem: 'TOO_LARGE' | 'NOT_UTF8' | 'NOT_JSON' };

/**
 * How many times the limit is read and thrown away before giving up on a body that is too large: a sender that is
 * still writing would otherwise see a broken connection instead of the answer.
 */
const discardedTimes = 16;

/** Reads a request's JSON body of at most `limit` bytes. */
export async function readJson(body: AsyncIterable<Uint8Array>, limit: number): Promise<ReadJson> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
    else chunks.length = 0;
    if (length > limit * discardedTimes) break;
  }
  if (length > limit) return { problem: 'TOO_LARGE' };
  const raw = Buffer.concat(chunks);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(raw);
  } catch {
    return { problem: 'NOT_UTF8' };
  }
  try {
    return { value: JSON.parse(text), raw };
  } catch {
    return { problem: 'NOT_JSON' };
  }
}
