import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Provider from 'oidc-provider';
import type { Browser } from './browser.ts';

/** Somebody the provider knows. */
export interface OidcPerson {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
}

/** A real OpenID Connect provider on loopback. Whoever comes is signed in there as `person` at once. */
export interface OidcHouse {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  person: OidcPerson;
  /** What it does instead of answering, for one path; by default nothing is changed. */
  meddle: ((request: IncomingMessage, response: ServerResponse) => boolean) | null;
  /** Requests to its token endpoint so far. */
  readonly exchanges: { count: number };
  /** Follows a browser that was sent here until it is sent back; answers where to. */
  visit(address: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts it on a free port; `redirectUri` is where it may send browsers back to. */
export async function startOidcProvider(redirectUri: string): Promise<OidcHouse> {
  const http = createServer();
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const clientId = 'warroom';
  const clientSecret = 'a secret that needs:encoding +&%';
  const house = { person: { sub: 'nobody' } as OidcPerson, meddle: null as OidcHouse['meddle'] };
  const provider = await quietly(
    async () =>
      new (await import('oidc-provider')).default(issuer, {
        clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
        jwks: {
          keys: [
            {
              ...(privateKey.export({ format: 'jwk' }) as object),
              use: 'sig',
              alg: 'RS256',
              kid: 'one',
            } as never,
          ],
        },
        claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
        cookies: { keys: [randomUUID()] },
        features: { devInteractions: { enabled: false } },
        interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
        findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ ...house.person, sub }) }),
        ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
      }),
  );
  const callback = provider.callback();
  const exchanges = { count: 0 };
  http.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.startsWith('/token')) exchanges.count += 1;
    if (house.meddle?.(request, response)) return;
    if (!request.url?.startsWith('/interaction/')) return void callback(request, response);
    void interact(provider, request, response, house.person.sub);
  });
  return Object.assign(house, {
    issuer,
    clientId,
    clientSecret,
    exchanges,
    visit: (address: string) => visit(address, issuer),
    stop: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  });
}

/** It warns of what is no matter in a test: where it keeps things, and that newer runtimes are what it was made for. */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    return await work();
  } finally {
    console.warn = warn;
  }
}

/** Signs the person in and lets the client have what it asks for. */
async function interact(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  accountId: string,
): Promise<void> {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login')
    return provider.interactionFinished(request, response, { login: { accountId } });
  const grant = new provider.Grant({
    ...(session?.accountId && { accountId: session.accountId }),
    clientId: String(params.client_id),
  });
  grant.addOIDCScope('openid email profile');
  const grantId = await grant.save();
  await provider.interactionFinished(request, response, { consent: { grantId } });
}

async function visit(address: string, issuer: string): Promise<string> {
  const jar = new Map<string, string>();
  let location = address;
  for (let hops = 0; hops < 10; hops += 1) {
    if (!location.startsWith(issuer)) return location;
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(location, { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    const next = response.headers.get('location');
    if (next === null) throw new Error(`The provider answered ${response.status}: ${await response.text()}`);
    location = new URL(next, location).href;
  }
  throw new Error('The provider sent the browser round in circles.');
}

/** The whole round trip; answers where the browser is in the end. */
export async function signInThrough(house: OidcHouse, browser: Browser, next = '/account'): Promise<string> {
  const begun = await browser.open(`/auth/oidc?next=${encodeURIComponent(next)}`);
  const address = begun.headers.get('location') ?? '';
  if (!address.startsWith(house.issuer)) return address;
  const back = await house.visit(address);
  const ended = await browser.open(back.replace(/^https?:\/\/[^/]+/, ''));
  return ended.headers.get('location') ?? '';
}
