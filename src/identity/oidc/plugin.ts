import { createAuthorizationURL } from 'better-auth/oauth2';
import type { BetterAuthPlugin } from 'better-auth/types';
import type { Instant } from '../../domain/instant.ts';
import type { Database } from '../../store/database.ts';
import { proveAddress } from '../../store/identity/passwordRows.ts';
import { createOidcProvider, type OidcProfile } from './provider.ts';
import type { OidcSettings } from './settings.ts';

/** What the provider is called in the database and in addresses. */
const oidcProviderId = 'oidc';

/**
 * Makes the provider one that better-auth can sign in through: better-auth keeps state, PKCE and nonce in the browser,
 * finds or makes the person, and starts the session; everything that is said to or by the provider is ours.
 */
export function oidcPlugin(options: {
  readonly settings: OidcSettings;
  readonly database: Pick<Database, 'asIdentity'>;
  readonly clock: { now(): Instant };
}): BetterAuthPlugin {
  const { settings, database, clock } = options;
  const oidc = createOidcProvider(settings);
  const provider = {
    id: oidcProviderId,
    name: settings.name,
    issuer: settings.issuer,
    requiresIdTokenNonce: true,
    accountSubject: ({ profile }: { profile: object }) => (profile as OidcProfile).key,
    createAuthorizationURL: async ({ state, codeVerifier, redirectURI, idTokenNonce }: Begun) =>
      createAuthorizationURL({
        id: oidcProviderId,
        options: { clientId: settings.clientId },
        authorizationEndpoint: await oidc.authorizationEndpoint(),
        scopes: ['openid', 'email', 'profile'],
        state,
        codeVerifier,
        redirectURI,
        ...(idTokenNonce !== undefined && { nonce: idTokenNonce }),
      }),
    validateAuthorizationCode: ({ code, codeVerifier = '', redirectURI }: Returned) =>
      oidc.exchange({ code, codeVerifier, redirectUri: redirectURI }),
    async getUserInfo({ idToken, accessToken, expectedIdTokenNonce }: Tokens) {
      const profile = await oidc.profile({ idToken, accessToken }, expectedIdTokenNonce);
      const { key, email, emailVerified, name } = profile;
      if (email !== null && emailVerified) await proveAddress(database, email, key, clock.now());
      return { user: { email, emailVerified, name }, data: profile };
    },
  };
  return {
    id: 'warroom-oidc',
    init: ({ socialProviders }) => ({ context: { socialProviders: [provider, ...socialProviders] } }),
  };
}

interface Begun {
  readonly state: string;
  readonly codeVerifier: string;
  readonly redirectURI: string;
  readonly idTokenNonce?: string | undefined;
}

interface Returned {
  readonly code: string;
  readonly codeVerifier?: string | undefined;
  readonly redirectURI: string;
}

interface Tokens {
  readonly idToken?: string | undefined;
  readonly accessToken?: string | undefined;
  readonly expectedIdTokenNonce?: string | undefined;
}
