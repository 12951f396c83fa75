import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { post } from '../support/graphqlClient.ts';
import { type Listening, listenTo, streamFrom } from '../support/listening.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';

// Keys that stop holding while programs listen with them: what is open is closed, and says why.

let serving: Serving;
/** Milliseconds after which a new connection's credential was looked at once more; the next time is a minute later. */
const settled = 3_000;

beforeAll(async () => {
  serving = await startServing();
});
afterAll(() => serving?.stop());

async function made(more = ''): Promise<{ readonly id: string; readonly secret: string }> {
  const { data, errors } = await post<{ createApiKey: { apiKey: { id: string }; secret: string } }>(
    serving.url,
    servingKey,
    `mutation { createApiKey(input: { name: "lapsing", role: MEMBER, scopes: [READ]${more} }) {
       ... on CreateApiKeyPayload { apiKey { id } secret } } }`,
  );
  expect(errors).toEqual([]);
  return { id: data?.createApiKey.apiKey.id ?? '', secret: data?.createApiKey.secret ?? '' };
}

/** Whoever listens with this key, over both transports, once the first event has reached each of them. */
async function listening(secret: string): Promise<readonly Listening[]> {
  const query = 'subscription { incidentEvents(after: 0) { sequence } }';
  const all = [listenTo(serving.url, secret, query), await streamFrom(serving.url, secret, query)];
  await Promise.all(all.map(({ first }) => first));
  return all;
}

beforeAll(async () => {
  const declared = await post(
    serving.url,
    servingKey,
    'mutation { declareIncident(input: { title: "t", severity: SEV4 }) { __typename } }',
  );
  expect(declared.errors).toEqual([]);
});

describe('a key', () => {
  test('that is revoked closes its socket with 4403 and ends its stream within 5 s, and no other', async () => {
    const [revoked, other] = [await made(), await made()];
    const open = await listening(revoked.secret);
    const kept = await listening(other.secret);
    // Past the look that every new connection has coming: from here on only the revocation itself can tell.
    await new Promise((resolve) => setTimeout(resolve, settled));
    expect([...open, ...kept].map(({ isOpen }) => isOpen())).toEqual([true, true, true, true]);
    const from = performance.now();
    const { data } = await post(
      serving.url,
      servingKey,
      `mutation { revokeApiKey(input: { apiKeyId: "${revoked.id}" }) { __typename } }`,
    );
    expect(data).toEqual({ revokeApiKey: { __typename: 'RevokeApiKeyPayload' } });
    expect(await Promise.all(open.map(({ ended }) => ended))).toEqual([
      { code: 4403, reason: 'The API key was revoked' },
      null,
    ]);
    expect(performance.now() - from).toBeLessThan(5_000);
    expect(kept.map(({ isOpen }) => isOpen())).toEqual([true, true]);
    for (const { stop } of kept) stop();
  }, 30_000);

  test('that expires does the same', async () => {
    const expiresAt = Date.now() + settled + 2_000;
    const { secret } = await made(`, expiresAt: "${new Date(expiresAt).toISOString()}"`);
    const open = await listening(secret);
    expect(await Promise.all(open.map(({ ended }) => ended))).toEqual([
      { code: 4403, reason: 'The credential has expired' },
      null,
    ]);
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt);
    expect(Date.now()).toBeLessThan(expiresAt + 5_000);
  }, 30_000);
});
