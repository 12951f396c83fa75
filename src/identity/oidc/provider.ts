import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import { isEmailAddress } from '../../domain/emailAddress.ts';
import { createDiscovery, type Metadata } from './discovery.ts';
import { fetchJson } from './fetchJson.ts';
import type { OidcSettings } from './settings.ts';

/** What the provider says of a person, once every proof of it was checked. */
export interface OidcProfile {
  /** Who they are to the provider: its issuer and its subject, as another provider may use the same subjects. */
  readonly key: string;
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly name: string;
}

/** The parts of signing in through the provider that talk to it. */
export interface OidcProvider {
  /** Where the browser is sent to. @throws Error when the provider cannot be reached or is not what it should be. */
  authorizationEndpoint(): Promise<string>;
  /** Exchanges the code the browser came back with. @throws Error when the provider refuses it. */
  exchange(code: {
    readonly code: string;
    readonly codeVerifier: string;
    readonly redirectUri: string;
  }): Promise<{
    readonly idToken: string | undefined;
    readonly accessToken: string | undefined;
  }>;
  /**
   * Whom the tokens are of. @throws Error when the ID token is missing, is not of this provider, not for us, not of this
   * round trip, or not fresh; or when the provider's further word is of somebody else.
   */
  profile(
    tokens: { readonly idToken: string | undefined; readonly accessToken: string | undefined },
    nonce: string | undefined,
  ): Promise<OidcProfile>;
}

/** How a token may be signed: with a key that only the provider has. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** How far the provider's clock may be from ours, in seconds. */
const clockTolerance = 60;

/** Milliseconds the provider's keys count without being fetched anew: one it took away signs nobody in for longer. */
const keysHoldFor = 240_000;

/** Talks to the provider, and believes nothing it has not signed. Its metadata is read when it is first needed. */
export function createOidcProvider(settings: OidcSettings): OidcProvider {
  const discovery = createDiscovery(settings.issuer);
  const keysAt = keySets();
  return {
    authorizationEndpoint: async () => (await discovery()).authorizationEndpoint,
    async exchange({ code, codeVerifier, redirectUri }) {
      const metadata = await discovery();
      const body = new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        code_verifier: codeVerifier,
        redirect_uri: redirectUri,
      });
      const headers = authenticate(settings, metadata, body);
      const answer = await fetchJson(metadata.tokenEndpoint, { method: 'POST', headers, body });
      return { idToken: text(answer.id_token), accessToken: text(answer.access_token) };
    },
    async profile({ idToken, accessToken }, nonce) {
      const metadata = await discovery();
      if (idToken === undefined) throw new Error('The provider sent no ID token.');
      const { payload } = await jwtVerify(idToken, keysAt(metadata.jwksUri), {
        issuer: settings.issuer,
        audience: settings.clientId,
        algorithms,
        clockTolerance,
        requiredClaims: ['sub', 'exp', 'iat'],
      });
      if (nonce === undefined || payload.nonce !== nonce)
        throw new Error('The ID token is not of this round trip.');
      if (payload.azp !== undefined && payload.azp !== settings.clientId)
        throw new Error('The ID token is for somebody else.');
      const claims = await withUserInfo(payload, metadata, accessToken);
      return profileOf(settings.issuer, claims);
    },
  };
}

/** Our proof of who we are: in the header unless the provider only takes it in the body. */
function authenticate(
  { clientId, clientSecret }: OidcSettings,
  { tokenEndpointAuthMethods }: Metadata,
  body: URLSearchParams,
): Record<string, string> {
  if (clientSecret !== null && tokenEndpointAuthMethods.includes('client_secret_basic')) {
    const pair = [clientId, clientSecret].map((part) => encodeURIComponent(part).replaceAll('%20', '+'));
    return { authorization: `Basic ${Buffer.from(pair.join(':')).toString('base64')}` };
  }
  body.set('client_id', clientId);
  if (clientSecret !== null) body.set('client_secret', clientSecret);
  return {};
}

/** Many providers put the email address only where the access token opens it; that must be of the same person. */
async function withUserInfo(
  payload: JWTPayload,
  { userInfoEndpoint }: Metadata,
  accessToken: string | undefined,
): Promise<JWTPayload> {
  if (payload.email !== undefined || userInfoEndpoint === null || accessToken === undefined) return payload;
  const more = await fetchJson(userInfoEndpoint, { headers: { authorization: `Bearer ${accessToken}` } });
  if (more.sub !== payload.sub) throw new Error("The provider's user info is of somebody else.");
  return { ...more, ...payload };
}

function profileOf(issuer: string, claims: JWTPayload): OidcProfile {
  const email = text(claims.email)?.trim().toLowerCase() ?? null;
  const name = text(claims.name) ?? text(claims.preferred_username) ?? email ?? 'Somebody';
  return {
    key: `${issuer} ${claims.sub}`,
    email: email !== null && isEmailAddress(email) ? email : null,
    // Some say it as text.
    emailVerified: claims.email_verified === true || claims.email_verified === 'true',
    name: name.replace(/[\p{Cc}\p{Cs}]/gu, ' ').slice(0, 100),
  };
}

/** The provider's keys, read again when a token names one that is not among them: keys are changed now and then. */
function keySets(): (uri: string) => ReturnType<typeof createRemoteJWKSet> {
  let latest: { readonly uri: string; readonly keys: ReturnType<typeof createRemoteJWKSet> } | null = null;
  return (uri) => {
    if (latest?.uri !== uri)
      latest = {
        uri,
        keys: createRemoteJWKSet(new URL(uri), { timeoutDuration: 5_000, cacheMaxAge: keysHoldFor }),
      };
    return latest.keys;
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
