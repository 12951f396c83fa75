/** Milliseconds a provider has to answer. */
const patience = 10_000;

/** Bytes of an answer that are read. */
const bytesAtMost = 262_144;

/**
 * A JSON object from the identity provider. Redirects are not followed: where it is was set up, not told.
 * @throws Error when there is none in time, the status is not 2xx, or it is too large.
 */
export async function fetchJson(url: string, init: RequestInit): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    ...init,
    headers: { accept: 'application/json', ...init.headers },
    redirect: 'error',
    signal: AbortSignal.timeout(patience),
  });
  const body = await readText(response);
  if (!response.ok)
    throw new Error(`${new URL(url).origin} answered ${response.status}: ${body.slice(0, 200)}`);
  const value: unknown = JSON.parse(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${new URL(url).origin} answered something else than an object.`);
  return value as Record<string, unknown>;
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bytesAtMost) throw new Error('The answer is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
