import { createHmac } from 'node:crypto';
import { exportSPKI, SignJWT } from 'jose';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foundOrganization } from '../../src/store/foundOrganization.ts';
import { post, socketClient } from '../support/graphqlClient.ts';
import { type Serving, startServing } from '../support/serving.ts';
import { audience, issuerName, startTokenIssuer, type TokenIssuer } from '../support/tokenIssuer.ts';

let issuer: TokenIssuer;
let serving: Serving;
let now: number;

/** The administrator of the first start has said who they are. */
const giveAddress = ({ database }: Serving) =>
  database.asIdentity("UPDATE warroom.users SET email = 'admin@example.com'");

beforeAll(async () => {
  issuer = await startTokenIssuer();
  serving = await startServing({
    tokens: {
      issuer: issuerName,
      jwksUrl: issuer.url,
      audiences: ['another', audience],
      userClaim: 'email',
      groupsClaim: null,
      groupRoles: new Map(),
    },
  });
  await giveAddress(serving);
  for (const slug of ['east', 'west']) {
    await foundOrganization(serving.database, {
      organizationId: v7(),
      slug,
      name: slug,
      at: serving.clock.now(),
      commandId: v7(),
      administrator: { userId: 'grace', name: 'Grace', email: 'grace@example.com' },
      key: null,
    });
  }
  now = Math.floor(Date.now() / 1_000);
});
afterAll(async () => {
  await serving?.stop();
  await issuer?.stop();
});

const viewer = '{ viewer { actor { kind name } role scopes organization { slug } } }';
const asked = async (token: string, organization?: string) => {
  const response = await fetch(`${serving.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      ...(organization !== undefined && { 'warroom-organization': organization }),
    },
    body: JSON.stringify({ query: viewer }),
  });
  const { data, errors } = (await response.json()) as {
    data?: { viewer: { role: string; organization: { slug: string } } };
    errors?: { message: string; extensions: { code: string } }[];
  };
  return { status: response.status, viewer: data?.viewer ?? null, error: errors?.[0] ?? null };
};
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a token of the issuer', () => {
  test('acts as the person of its email address, in whatever case, with their own role', async () => {
    const { status, viewer: found } = await asked(await issuer.sign({ email: 'Admin@Example.com' }));
    expect(status).toBe(200);
    expect(found).toEqual({
      actor: { kind: 'USER', name: 'Administrator' },
      role: 'ORG_ADMIN',
      scopes: ['READ', 'RESPOND', 'ADMIN'],
      organization: { slug: 'default' },
    });
  });

  test('acts in the organization that is asked for, if its person belongs to it', async () => {
    const token = await issuer.sign({ email: 'grace@example.com' });
    expect((await asked(token, 'west')).viewer?.organization.slug).toBe('west');
    const several = await asked(token);
    expect([several.status, several.error?.extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
    expect(several.error?.message).toContain('east, west');
    const absent = await asked(token, 'nowhere');
    const foreign = await asked(token, 'default');
    expect([absent.status, absent.error]).toEqual([foreign.status, foreign.error]);
    expect(foreign.error?.extensions.code).toBe('BAD_USER_INPUT');
  });

  test('signed with any asymmetric algorithm, for one of several audiences, counts', async () => {
    for (const algorithm of ['PS256', 'ES256', 'EdDSA']) await issuer.rotate(algorithm, algorithm);
    const fresh = await startServing({ tokens: { ...settings(), jwksUrl: issuer.url } });
    try {
      await giveAddress(fresh);
      for (const kid of ['PS256', 'ES256', 'EdDSA']) {
        const token = await issuer.sign({ aud: ['x', audience] }, { kid });
        expect([kid, (await post(fresh.url, token, viewer)).status]).toEqual([kid, 200]);
      }
    } finally {
      await fresh.stop();
    }
  });
});

const settings = () => ({
  issuer: issuerName,
  jwksUrl: issuer.url,
  audiences: [audience],
  userClaim: 'email',
  groupsClaim: null,
  groupRoles: new Map(),
});

test('the issuer says whose an address is: what a stranger set up for it ends', async () => {
  const { identity, database } = serving;
  const email = 'squatted@example.com';
  const made = { name: 'A stranger', email, emailVerified: false, password: 'a stranger knows this' };
  const person = await identity.createPerson(made);
  const kept = async () =>
    (await database.asIdentity('SELECT id FROM warroom.accounts WHERE "userId" = $1', [person?.userId]))
      .length;
  expect(await kept()).toBe(1);
  await asked(await issuer.sign({ email }));
  expect(await kept()).toBe(0);
  expect(await identity.personByEmail(email)).toMatchObject({ emailVerified: true });
});

describe('refused like no credential at all is', () => {
  const cases: Record<string, () => Promise<string>> = {
    'a token that has expired, a second ago': () => issuer.sign({ exp: now - 1 }),
    'a token that never expires': () => issuer.sign({ exp: undefined as never }),
    'a token that is not valid yet': () => issuer.sign({ nbf: now + 120 }),
    'a token issued in the future': () => issuer.sign({ iat: now + 120 }),
    'another issuer': () => issuer.sign({ iss: 'https://issuer.example' }),
    'no issuer': () => issuer.sign({ iss: undefined as never }),
    'another audience': () => issuer.sign({ aud: 'somebody' }),
    'no audience': () => issuer.sign({ aud: undefined as never }),
    'nobody we know': () => issuer.sign({ email: 'nobody@example.com' }),
    'no email address': () => issuer.sign({ email: undefined }),
    'an email address that is a list': () => issuer.sign({ email: ['admin@example.com'] }),
    'an email address nobody verified': () => issuer.sign({ email_verified: false }),
    'the same, as text': () => issuer.sign({ email_verified: 'false' }),
    'a token of more than 8 KB': () => issuer.sign({ padding: 'x'.repeat(8_192) }),
    'an altered payload': async () => {
      const [header, , signature] = (await issuer.sign({ email: 'nobody@example.com' })).split('.');
      const said = {
        iss: issuerName,
        aud: audience,
        iat: now,
        exp: now + 60,
        email: 'admin@example.com',
      };
      return `${header}.${part(said)}.${signature}`;
    },
    'no signature': async () => {
      const [header, payload] = (await issuer.sign()).split('.');
      return `${header}.${payload}.`;
    },
    'the algorithm none': async () => {
      const [, payload] = (await issuer.sign()).split('.');
      return `${part({ alg: 'none', kid: 'first' })}.${payload}.`;
    },
    'the public key taken for a secret': async () => {
      const [, payload] = (await issuer.sign()).split('.');
      const head = `${part({ alg: 'HS256', kid: 'first' })}.${payload}`;
      const secret = await exportSPKI(issuer.pair('first').publicKey);
      return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
    },
    'a secret in the set of keys': async () => {
      const secret = Buffer.alloc(32, 7);
      issuer.publish([
        ...issuer.published(),
        { kty: 'oct', kid: 'secret', alg: 'HS256', k: secret.toString('base64url') },
      ]);
      return new SignJWT({ email: 'admin@example.com' })
        .setProtectedHeader({ alg: 'HS256', kid: 'secret' })
        .setIssuer(issuerName)
        .setAudience(audience)
        .setExpirationTime('1h')
        .sign(secret);
    },
    'a key that brings itself along': async () => {
      const forged = await startTokenIssuer();
      const jwk = forged.published()[0];
      await forged.stop();
      return forged.sign({}, { header: { kid: 'mine', jwk, jku: forged.url.href } });
    },
    'the right name on a wrong key': async () => {
      const forged = await startTokenIssuer();
      await forged.stop();
      return forged.sign();
    },
    nonsense: async () => 'eyJub25zZW5zZSI6MX0.e30.AAAA',
  };
  test.each(Object.entries(cases))('%s', async (_name, make) => {
    const { status, viewer: found, error } = await asked(await make());
    expect({ status, found, code: error?.extensions.code }).toEqual({
      status: 401,
      found: null,
      code: 'UNAUTHENTICATED',
    });
  });

  test('a clock a little ahead of ours is let pass, a little behind is not believed past its end', async () => {
    expect((await asked(await issuer.sign({ nbf: now + 30, iat: now + 30 }))).status).toBe(200);
    expect((await asked(await issuer.sign({ exp: now - 30 }))).status).toBe(401);
  });
});

describe('over a WebSocket', () => {
  /** What the socket was closed with, and after how many milliseconds. */
  const closed = (token: string) => {
    const client = socketClient(serving.url, token);
    const began = performance.now();
    const end = new Promise<{ code: number; after: number }>((resolve) =>
      client.on('closed', (event) =>
        resolve({ code: (event as { code: number }).code, after: performance.now() - began }),
      ),
    );
    client.subscribe(
      { query: 'subscription { incidentEvents { sequence } }' },
      { next: () => {}, error: () => {}, complete: () => {} },
    );
    return end;
  };

  test('is let in, and closed with 4403 within 5 s of its end; not earlier for being no session', async () => {
    const end = Math.floor(Date.now() / 1_000) + 4;
    const token = await issuer.sign({ exp: end });
    const { code } = await closed(token);
    expect(code).toBe(4403);
    const late = Date.now() / 1_000 - end;
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(5);
  });

  test('is closed with 4401 when it does not hold', async () => {
    expect((await closed(await issuer.sign({ aud: 'somebody' }))).code).toBe(4401);
  });
});

describe('an issuer that is away', () => {
  test('before its keys were ever fetched has nothing done, and says so', async () => {
    const other = await startTokenIssuer();
    other.answerWith((response) => response.writeHead(500).end());
    const lost = await startServing({ tokens: { ...settings(), jwksUrl: other.url } });
    try {
      const response = await fetch(`${lost.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await other.sign()}` },
        body: JSON.stringify({ query: viewer }),
      });
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'OVERLOADED' } }] });
      const client = socketClient(lost.url, await other.sign());
      const code = new Promise((resolve) =>
        client.on('closed', (event) => resolve((event as { code: number }).code)),
      );
      client.subscribe(
        { query: '{ viewer { role } }' },
        { next: () => {}, error: () => {}, complete: () => {} },
      );
      expect(await code).toBe(1013);
    } finally {
      await lost.stop();
      await other.stop();
    }
  });
});

describe('without an issuer in the settings', () => {
  test('a token is an API key nobody has', async () => {
    const plain = await startServing();
    try {
      expect((await post(plain.url, await issuer.sign(), viewer)).status).toBe(401);
    } finally {
      await plain.stop();
    }
  });
});
