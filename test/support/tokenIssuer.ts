import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

/** An issuer of tokens with a real set of keys on loopback. */
export interface TokenIssuer {
  readonly url: URL;
  /** How often its keys were fetched. */
  fetched(): number;
  /** Makes a key pair and publishes its public half. */
  rotate(kid: string, algorithm?: string): Promise<void>;
  /** Publishes these keys and no others, in whatever form. */
  publish(keys: readonly object[]): void;
  /** The public halves published now. */
  published(): readonly object[];
  /** Answers every fetch with this from now on; null: with its keys again. */
  answerWith(answer: ((response: ServerResponse) => void) | null): void;
  /** A token signed with this key; `payload` replaces what it says. */
  sign(payload?: JWTPayload, options?: { readonly kid?: string; readonly header?: object }): Promise<string>;
  /** A key pair by its kid. */
  pair(kid: string): KeyPair;
  stop(): Promise<void>;
}

/** Who it says it is, and for whom its tokens are. */
export const issuerName = 'https://issuer.example/';
export const audience = 'warroom';

/** Starts one with a key `first`. */
export async function startTokenIssuer(): Promise<TokenIssuer> {
  const pairs = new Map<string, { pair: KeyPair; algorithm: string }>();
  let keys: readonly object[] = [];
  let fetched = 0;
  let answerWith: ((response: ServerResponse) => void) | null = null;
  const server: Server = createServer((_request, response) => {
    fetched += 1;
    if (answerWith !== null) return answerWith(response);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer: TokenIssuer = {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`),
    fetched: () => fetched,
    async rotate(kid, algorithm = 'RS256') {
      const pair = await generateKeyPair(algorithm, { extractable: true });
      pairs.set(kid, { pair, algorithm });
      const key: JWK = { ...(await exportJWK(pair.publicKey)), kid, alg: algorithm, use: 'sig' };
      keys = [...keys, key];
    },
    publish(next) {
      keys = next;
    },
    published: () => keys,
    answerWith(next) {
      answerWith = next;
    },
    async sign(payload = {}, { kid = 'first', header = {} } = {}) {
      const { algorithm, pair } = pairs.get(kid) as { pair: KeyPair; algorithm: string };
      const now = Math.floor(Date.now() / 1_000);
      const said = {
        iss: issuerName,
        aud: audience,
        iat: now,
        exp: now + 3_600,
        email: 'admin@example.com',
        ...payload,
      };
      const known = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
      return new SignJWT(known).setProtectedHeader({ alg: algorithm, kid, ...header }).sign(pair.privateKey);
    },
    pair: (kid) => (pairs.get(kid) as { pair: KeyPair }).pair,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  await issuer.rotate('first');
  return issuer;
}
