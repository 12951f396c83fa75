import { createLocalJWKSet, errors, type JSONWebKeySet, type JWK, type JWTVerifyGetKey } from 'jose';

/** The longest a fetch of the keys may take, in milliseconds. */
const fetchWithin = 3_000;
/** The largest set of keys read, in bytes. */
const largestSet = 262_144;
/** Keys used of one set; the first ones. */
const keysLimit = 100;

/** What the keys of an issuer are kept with. Milliseconds. */
export interface KeySetOptions {
  readonly url: URL;
  /** Told why the keys could not be fetched. */
  onError(error: unknown): void;
  /** Milliseconds that only ever grow. */
  readonly monotonic?: () => number;
  /** Between two fetches, whoever asks: 30,000. */
  readonly fetchEvery?: number;
  /** After which they are fetched again while the old ones go on: 120,000. */
  readonly staleAfter?: number;
  /** After which they count no more, and a token waits for that fetch: 240,000. */
  readonly holdFor?: number;
}

/** There are no keys that hold, and none can be fetched now: nothing can be said of any token. */
export class KeysUnavailableError extends Error {
  constructor() {
    super("The keys of the token's issuer cannot be fetched.");
  }
}

/**
 * The public keys of an issuer, fetched when they are first needed and kept. A key that is not among them is looked
 * for, at most every 30 s: the issuer rotates its keys. While it is away the keys it had go on, for four minutes from
 * when they were fetched: it cannot say any more whether it has taken one away.
 * The function throws KeysUnavailableError, or what jose throws when no key fits.
 */
export function createKeySet(options: KeySetOptions): JWTVerifyGetKey {
  const { monotonic = () => performance.now() } = options;
  const { fetchEvery = 30_000, staleAfter = 120_000, holdFor = 240_000 } = options;
  let keys: ReturnType<typeof createLocalJWKSet> | null = null;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let trying: Promise<void> | null = null;

  /** Resolves when the keys are as fresh as they can be now, at once when they were asked for too lately. */
  const refresh = (): Promise<void> => {
    if (trying !== null) return trying;
    if (monotonic() - triedAt < fetchEvery) return Promise.resolve();
    triedAt = monotonic();
    trying = fetchKeys(options.url)
      .then((set) => {
        keys = createLocalJWKSet(set);
        fetchedAt = monotonic();
      })
      .catch(options.onError)
      .finally(() => {
        trying = null;
      });
    return trying;
  };

  return async (header, token) => {
    const age = () => monotonic() - fetchedAt;
    if (age() > holdFor) await refresh();
    else if (age() > staleAfter) void refresh();
    if (keys === null || age() > holdFor) throw new KeysUnavailableError();
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const before = keys;
      await refresh();
      if (keys === before) throw error;
      return await keys(header, token);
    }
  };
}

async function fetchKeys(url: URL): Promise<JSONWebKeySet> {
  const response = await fetch(url, {
    headers: { accept: 'application/json, application/jwk-set+json' },
    // Elsewhere is not where the setting says.
    redirect: 'error',
    signal: AbortSignal.timeout(fetchWithin),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`${url.href} answered ${response.status}.`);
  }
  const set = JSON.parse(await textOf(response)) as { readonly keys?: unknown };
  if (!Array.isArray(set.keys)) throw new Error(`${url.href} answered no set of keys.`);
  const keys = set.keys.filter(isPublicKey).slice(0, keysLimit);
  if (keys.length === 0) throw new Error(`${url.href} answered no key that can verify a token.`);
  return { keys };
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > largestSet) throw new Error(`${response.url} answered more than ${largestSet} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A secret in a public set would let whoever reads it make tokens. */
function isPublicKey(key: unknown): key is JWK {
  const { kty, use } = (key ?? {}) as { readonly kty?: unknown; readonly use?: unknown };
  return ['RSA', 'EC', 'OKP'].includes(kty as string) && use !== 'enc';
}
