import { isSecureUrl } from './secureUrl.ts';

/** An OpenID Connect provider as it was set up. */
export interface OidcSettings {
  /** Exactly as the provider calls itself. */
  readonly issuer: string;
  readonly clientId: string;
  /** Null: a public client, which proves itself by PKCE alone. */
  readonly clientSecret: string | null;
  /** What people call it. */
  readonly name: string;
}

/**
 * WARROOM_OIDC_…; null when there is no provider.
 * @throws Error naming the one that cannot be used; it quotes no secret.
 */
export function readOidcSettings(settings: {
  readonly issuer: string | null;
  readonly clientId: string | null;
  readonly clientSecret: string | null;
  readonly name: string;
}): OidcSettings | null {
  const { issuer, clientId, clientSecret, name } = settings;
  if (issuer === null) return null;
  if (!isSecureUrl(issuer))
    throw new Error('WARROOM_OIDC_ISSUER must be an https:// address, as the provider calls itself.');
  const { search, hash, username } = new URL(issuer);
  if (search !== '' || hash !== '' || username !== '')
    throw new Error('WARROOM_OIDC_ISSUER must have no user, query or fragment.');
  if (clientId === null) throw new Error('WARROOM_OIDC_CLIENT_ID must be set when WARROOM_OIDC_ISSUER is.');
  return { issuer, clientId, clientSecret, name };
}
