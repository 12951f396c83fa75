import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createOidcProvider, type OidcProvider } from '../../src/identity/oidc/provider.ts';

// What a provider's ID token must be to be believed. The provider here says and signs whatever a case wants.

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;

const clientId = 'warroom';
const nonce = 'the nonce of this round trip';
let http: Server;
let issuer: string;
let keys: Keys;
let published: { kid: string; key: Keys['publicKey'] }[];
let metadata: Record<string, unknown>;
let userInfo: Record<string, unknown>;
let oidc: OidcProvider;

beforeAll(async () => {
  http = createServer((request, response) => {
    const answer = async (): Promise<unknown> => {
      if (request.url === '/jwks')
        return {
          keys: await Promise.all(
            published.map(async ({ kid, key }) => ({
              ...(await exportJWK(key)),
              kid,
              alg: 'RS256',
              use: 'sig',
            })),
          ),
        };
      if (request.url === '/userinfo') return userInfo;
      return metadata;
    };
    void answer().then((body) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body)),
    );
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  keys = await generateKeyPair('RS256', { extractable: true });
});
afterAll(() => new Promise((resolve) => http.close(resolve)));
beforeEach(() => {
  published = [{ kid: 'one', key: keys.publicKey }];
  metadata = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
  };
  userInfo = {};
  oidc = createOidcProvider({ issuer, clientId, clientSecret: 'a secret of the client', name: 'Example' });
});

const claims = { email: 'ada@example.com', email_verified: true, name: 'Ada' };
const now = () => Math.floor(Date.now() / 1_000);
const token = (
  change: Record<string, unknown> = {},
  { kid = 'one', key = keys.privateKey }: { kid?: string; key?: Keys['privateKey'] } = {},
) => {
  const payload = {
    ...claims,
    iss: issuer,
    aud: clientId,
    sub: 'ada',
    nonce,
    iat: now(),
    exp: now() + 300,
    ...change,
  };
  const kept = Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined));
  return new SignJWT(kept).setProtectedHeader({ alg: 'RS256', kid }).sign(key);
};
const profile = (idToken: string | undefined, given: string | undefined = nonce) =>
  oidc.profile({ idToken, accessToken: 'access' }, given);

describe('is believed', () => {
  test('an ID token of this provider, for us, of this round trip, that has not expired', async () => {
    expect(await profile(await token())).toEqual({
      key: `${issuer} ada`,
      email: 'ada@example.com',
      emailVerified: true,
      name: 'Ada',
    });
  });

  test('whose clock is a little off', async () => {
    await expect(profile(await token({ iat: now() + 30, exp: now() - 30 }))).resolves.toBeDefined();
  });

  test('that is signed with a key the provider has only now', async () => {
    await profile(await token());
    const next = await generateKeyPair('RS256', { extractable: true });
    published = [{ kid: 'two', key: next.publicKey }];
    const own = createOidcProvider({ issuer, clientId, clientSecret: null, name: 'Example' });
    await expect(
      own.profile(
        { idToken: await token({}, { kid: 'two', key: next.privateKey }), accessToken: undefined },
        nonce,
      ),
    ).resolves.toBeDefined();
  });

  test('the address that only the access token opens, of the same person', async () => {
    userInfo = { sub: 'ada', email: 'Ada@Other.example', email_verified: 'true' };
    expect(await profile(await token({ email: undefined, email_verified: undefined }))).toMatchObject({
      email: 'ada@other.example',
      emailVerified: true,
    });
  });

  test('no more than the provider says: an address that is not said to be verified is not', async () => {
    expect(await profile(await token({ email_verified: undefined }))).toMatchObject({ emailVerified: false });
    expect(await profile(await token({ email_verified: 1 }))).toMatchObject({ emailVerified: false });
    expect(await profile(await token({ email: 'no address' }))).toMatchObject({ email: null });
  });
});

describe('is not believed', () => {
  test.each<[string, () => Promise<string | undefined> | string | undefined]>([
    ['nothing at all', () => undefined],
    ['of another round trip', () => token({ nonce: 'another' })],
    ['of no round trip', () => token({ nonce: undefined })],
    ['of another provider', () => token({ iss: 'https://other.example' })],
    ['for another client', () => token({ aud: 'another' })],
    ['for several, and meant for another', () => token({ aud: [clientId, 'another'], azp: 'another' })],
    ['of nobody', () => token({ sub: undefined })],
    ['expired', () => token({ exp: now() - 120 })],
    ['that never expires', () => token({ exp: undefined })],
    [
      'signed with a key that is not the provider’s',
      async () => token({}, { key: (await generateKeyPair('RS256', { extractable: true })).privateKey }),
    ],
    [
      'altered',
      async () => {
        const [head, , signature] = (await token()).split('.');
        const body = Buffer.from(
          JSON.stringify({
            ...claims,
            iss: issuer,
            aud: clientId,
            sub: 'eve',
            nonce,
            iat: now(),
            exp: now() + 300,
          }),
        );
        return `${head}.${body.toString('base64url')}.${signature}`;
      },
    ],
    [
      'signed with nothing',
      () =>
        new UnsecuredJWT({ ...claims, sub: 'ada', nonce })
          .setIssuer(issuer)
          .setAudience(clientId)
          .setIssuedAt()
          .setExpirationTime('5m')
          .encode(),
    ],
    [
      'signed with what the client knows too',
      () =>
        new SignJWT({ ...claims, sub: 'ada', nonce })
          .setProtectedHeader({ alg: 'HS256' })
          .setIssuer(issuer)
          .setAudience(clientId)
          .setIssuedAt()
          .setExpirationTime('5m')
          .sign(new TextEncoder().encode('a secret of the client')),
    ],
    [
      'signed with the public key as if it were a secret',
      async () =>
        new SignJWT({ ...claims, sub: 'ada', nonce })
          .setProtectedHeader({ alg: 'HS256', kid: 'one' })
          .setIssuer(issuer)
          .setAudience(clientId)
          .setIssuedAt()
          .setExpirationTime('5m')
          .sign(new TextEncoder().encode(JSON.stringify(await exportJWK(keys.publicKey)))),
    ],
    ['no token', () => 'not.a.token'],
  ])('%s', async (_what, make) => {
    await expect(profile(await make())).rejects.toThrow();
  });

  test('a token, when it is not known what round trip it should be of', async () => {
    await expect(profile(await token({ nonce: undefined }), undefined)).rejects.toThrow('round trip');
  });

  test('what the access token opens, when it is of somebody else', async () => {
    userInfo = { sub: 'eve', email: 'eve@example.com', email_verified: true };
    await expect(profile(await token({ email: undefined }))).rejects.toThrow('somebody else');
  });

  test.each([
    ['that calls itself something else', { issuer: 'https://other.example' }],
    ['whose token endpoint is not secure', { token_endpoint: 'http://login.example/token' }],
    ['without keys', { jwks_uri: undefined }],
  ])('a provider %s', async (_what, change) => {
    metadata = { ...metadata, ...change };
    await expect(oidc.authorizationEndpoint()).rejects.toThrow();
    // Once it is put right, it works without a restart.
    metadata = { ...metadata, issuer, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks` };
    await expect(oidc.authorizationEndpoint()).resolves.toBe(`${issuer}/authorize`);
  });
});
