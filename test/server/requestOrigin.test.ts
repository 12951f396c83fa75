import { describe, expect, it } from 'vitest';
import { createOriginOf, readTrustedProxies } from '../../src/server/requestOrigin.ts';

const from = (remoteAddress: string | undefined, headers: Record<string, string>, trusted = '') =>
  createOriginOf(readTrustedProxies(trusted))({ headers, socket: { remoteAddress } as never });

describe('where a request came from', () => {
  it.each<[string, string | undefined, string | undefined, string, string | null]>([
    ['directly', '203.0.113.7', undefined, '', '203.0.113.7'],
    ['IPv4 in IPv6', '::ffff:203.0.113.7', undefined, '', '203.0.113.7'],
    ['IPv6 with a zone', 'FE80::1%eth0', undefined, '', 'fe80::1'],
    ['nobody is trusted', '203.0.113.7', '198.51.100.1', '', '203.0.113.7'],
    ['another proxy is trusted', '203.0.113.7', '198.51.100.1', '10.0.0.0/8', '203.0.113.7'],
    ['a trusted proxy', '10.0.0.1', '198.51.100.1', '10.0.0.0/8', '198.51.100.1'],
    ['a trusted proxy seen as IPv6', '::ffff:10.0.0.1', '198.51.100.1', '10.0.0.0/8', '198.51.100.1'],
    ['what the client made up stays out', '10.0.0.1', '1.1.1.1, 198.51.100.1', '10.0.0.0/8', '198.51.100.1'],
    ['two trusted proxies', '10.0.0.1', '198.51.100.1, 192.0.2.9', '10.0.0.1, 192.0.2.0/24', '198.51.100.1'],
    ['all of them trusted', '10.0.0.1', '10.0.0.3,10.0.0.2', '10.0.0.0/8', '10.0.0.3'],
    ['with ports and brackets', '10.0.0.1', '[2001:db8::1]:443, 10.0.0.2:80', '10.0.0.0/8', '2001:db8::1'],
    ['IPv6 proxies', '2001:db8::2', '198.51.100.1', '2001:db8::/32', '198.51.100.1'],
    ['nonsense ends it', '10.0.0.1', '198.51.100.1, unknown, 10.0.0.2', '10.0.0.0/8', '10.0.0.2'],
    ['an empty header', '10.0.0.1', '', '10.0.0.0/8', '10.0.0.1'],
    ['the connection is gone', undefined, '198.51.100.1', '10.0.0.0/8', null],
  ])('%s', (_name, remoteAddress, forwarded, trusted, address) => {
    const headers: Record<string, string> = {};
    if (forwarded !== undefined) headers['x-forwarded-for'] = forwarded;
    expect(from(remoteAddress, headers, trusted)).toEqual({ address, userAgent: null });
  });

  it('follows a chain no further than anyone needs', () => {
    const chain = Array.from({ length: 500 }, (_, n) => `10.0.${n >> 8}.${n & 255}`);
    expect(from('10.9.9.9', { 'x-forwarded-for': chain.join(', ') }, '10.0.0.0/8').address).toBe(
      chain[500 - 32],
    );
  });

  it('keeps what a client says it is, readable and short', () => {
    const agent = (said: string) => from('203.0.113.7', { 'user-agent': said }).userAgent;
    expect(agent('curl/8.5.0')).toBe('curl/8.5.0');
    expect(agent('a\u0000b\u00ffc')).toBe('a b c');
    expect(agent(' ')).toBeNull();
    expect(agent('x'.repeat(1_000))).toHaveLength(256);
  });

  it.each(['10.0.0.0/33', '10.0.0', 'proxy.internal', '::1/129', '10.0.0.0/8/8', '10.0.0.0/', '10.0.0.0/-1'])(
    'does not take %s for a network',
    (network) => {
      expect(() => readTrustedProxies(`127.0.0.1, ${network}`)).toThrow(network);
    },
  );
});
