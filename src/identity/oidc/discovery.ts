import { fetchJson } from './fetchJson.ts';
import { isSecureUrl } from './secureUrl.ts';

/** What a provider says of itself, as far as we need it. */
export interface Metadata {
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly userInfoEndpoint: string | null;
  readonly jwksUri: string;
  readonly tokenEndpointAuthMethods: readonly string[];
}

/** Milliseconds the provider's word of itself is believed. */
const believedFor = 3_600_000;

/**
 * Answers how to read what the provider of this issuer says of itself: once an hour, and again at the next call when it
 * could not be read. It must call itself by exactly this issuer.
 */
export function createDiscovery(issuer: string): () => Promise<Metadata> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  let found: { readonly at: number; readonly metadata: Promise<Metadata> } | null = null;
  return () => {
    const now = performance.now();
    if (found === null || now - found.at > believedFor) {
      const metadata = read(issuer, address);
      const attempt = { at: now, metadata };
      found = attempt;
      metadata.catch(() => {
        if (found === attempt) found = null;
      });
    }
    return found.metadata;
  };
}

async function read(issuer: string, address: string): Promise<Metadata> {
  const said = await fetchJson(address, {});
  if (said.issuer !== issuer)
    throw new Error(`The provider at ${address} calls itself ${JSON.stringify(said.issuer)}, not ${issuer}.`);
  const methods = said.token_endpoint_auth_methods_supported;
  return {
    authorizationEndpoint: secureUrl(said, 'authorization_endpoint'),
    tokenEndpoint: secureUrl(said, 'token_endpoint'),
    userInfoEndpoint: said.userinfo_endpoint === undefined ? null : secureUrl(said, 'userinfo_endpoint'),
    jwksUri: secureUrl(said, 'jwks_uri'),
    // What is not said means this one. Source: OpenID Connect Discovery 1.0, 3.
    tokenEndpointAuthMethods: Array.isArray(methods) ? methods.map(String) : ['client_secret_basic'],
  };
}

function secureUrl(said: Record<string, unknown>, field: string): string {
  const value = said[field];
  if (isSecureUrl(value)) return new URL(value).href;
  throw new Error(`The provider's ${field} is no https:// address.`);
}
