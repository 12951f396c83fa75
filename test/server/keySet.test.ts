import { jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeySet, KeysUnavailableError } from '../../src/server/keySet.ts';
import { startTokenIssuer, type TokenIssuer } from '../support/tokenIssuer.ts';

let issuer: TokenIssuer;
let now: number;
let errors: string[];
let verify: (token: string) => Promise<string>;

beforeEach(async () => {
  issuer = await startTokenIssuer();
  now = 0;
  errors = [];
  const keys = createKeySet({
    url: issuer.url,
    onError: (error) => errors.push(String(error)),
    monotonic: () => now,
  });
  verify = (token) =>
    jwtVerify(token, keys).then(
      ({ protectedHeader }) => protectedHeader.kid ?? 'no kid',
      (error: { code?: string }) =>
        error instanceof KeysUnavailableError ? 'unavailable' : String(error.code),
    );
});
afterEach(() => issuer.stop());

const soon = () => new Promise((resolve) => setTimeout(resolve, 50));

describe('the keys of an issuer', () => {
  it('are fetched once, when the first token needs them', async () => {
    expect(issuer.fetched()).toBe(0);
    const token = await issuer.sign();
    expect(await Promise.all([1, 2, 3].map(() => verify(token)))).toEqual(['first', 'first', 'first']);
    expect(issuer.fetched()).toBe(1);
  });

  it('are fetched again for a key that is not among them, at most every 30 s', async () => {
    await verify(await issuer.sign());
    await issuer.rotate('second');
    const second = await issuer.sign({}, { kid: 'second' });
    expect(await verify(second)).toBe('ERR_JWKS_NO_MATCHING_KEY');
    now += 30_000;
    expect(await verify(second)).toBe('second');
    expect(issuer.fetched()).toBe(2);
    const unknown = await issuer.sign({}, { header: { kid: 'unknown' } });
    for (let n = 0; n < 100; n += 1) expect(await verify(unknown)).toBe('ERR_JWKS_NO_MATCHING_KEY');
    expect(issuer.fetched()).toBe(2);
    now += 30_000;
    await Promise.all(Array.from({ length: 100 }, () => verify(unknown)));
    expect(issuer.fetched()).toBe(3);
  });

  it('go on while the issuer is away, for four minutes, and it is asked no more often for that', async () => {
    const token = await issuer.sign();
    for (const answer of ['broken', 'slow', 'empty', 'moved', 'secret'] as const) {
      issuer.answerWith(null);
      now += 30_000;
      expect(await verify(token)).toBe('first');
      errors = [];
      issuer.answerWith((response) => {
        if (answer === 'broken') response.writeHead(500).end();
        else if (answer === 'empty') response.end('{"keys":[]}');
        else if (answer === 'moved') response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
        else if (answer === 'secret') response.end('{"keys":[{"kty":"oct","k":"AAAA","kid":"first"}]}');
        else response.write('{"keys":');
      });
      const before = issuer.fetched();
      now += 240_000;
      expect(await verify(token)).toBe('first');
      await expect.poll(() => errors.length, { timeout: 5_000 }).toBe(1);
      now += 1;
      expect([await verify(token), await verify(token)]).toEqual(['unavailable', 'unavailable']);
      expect([answer, issuer.fetched() - before]).toEqual([answer, 1]);
    }
  });

  it('are not there before they could be fetched, and are as soon as they can', async () => {
    const token = await issuer.sign();
    issuer.answerWith((response) => response.end('x'.repeat(300_000)));
    expect(await verify(token)).toBe('unavailable');
    issuer.answerWith(null);
    expect(await verify(token)).toBe('unavailable');
    now += 30_000;
    expect(await verify(token)).toBe('first');
    expect(errors.join()).toContain('more than 262144 bytes');
  });

  it('are renewed beside what is under way after two minutes, and waited for after four', async () => {
    const token = await issuer.sign();
    await verify(token);
    now += 120_001;
    expect(await verify(token)).toBe('first');
    await soon();
    expect(issuer.fetched()).toBe(2);
    // A key taken out of the set counts for four minutes at most.
    await issuer.rotate('second');
    issuer.publish(issuer.published().slice(1));
    now += 240_001;
    expect(await verify(token)).toBe('ERR_JWKS_NO_MATCHING_KEY');
  });
});
