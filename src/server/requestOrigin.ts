import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Where a request came from. */
export interface RequestOrigin {
  /** The client's address as far as it can be trusted, at most 64 characters; null when the connection is gone. */
  readonly address: string | null;
  /** What it says it is, at most 256 characters; null when it says nothing. */
  readonly userAgent: string | null;
}

/** Tells where a request came from. */
export type OriginOf = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => RequestOrigin;

/** The longest user agent kept, in characters. */
const userAgentLimit = 256;

/** Proxies a request is followed back through; more is nobody's real network. */
const hopsLimit = 32;

/** Networks one setting may name. */
const networksLimit = 256;

/**
 * The networks of a setting: addresses and CIDR ranges, separated by commas or spaces.
 * @throws Error naming the one that is neither.
 */
export function readTrustedProxies(text: string): BlockList {
  const networks = text.split(/[\s,]+/).filter((part) => part !== '');
  if (networks.length > networksLimit) throw new Error(`At most ${networksLimit} networks are expected.`);
  const trusted = new BlockList();
  for (const network of networks) {
    const [address = '', prefix, more] = network.split('/');
    const family = isIP(address);
    const bits = family === 4 ? 32 : 128;
    const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
    if (family === 0 || more !== undefined || length < 0 || length > bits) {
      throw new Error(`"${network.slice(0, 100)}" is no address and no range like 10.0.0.0/8.`);
    }
    trusted.addSubnet(address, length, family === 4 ? 'ipv4' : 'ipv6');
  }
  return trusted;
}

/**
 * Tells where requests come from. `X-Forwarded-For` counts as far as it was written by proxies that are trusted: read
 * from its end, the first address that is no trusted proxy's is the client's. Anybody else could write anything there.
 */
export function createOriginOf(trustedProxies: BlockList): OriginOf {
  const isTrusted = (address: string): boolean =>
    trustedProxies.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');

  return ({ headers, socket }) => {
    let address = plainAddress(socket.remoteAddress ?? '');
    if (address !== null && isTrusted(address)) {
      const said = String(headers['x-forwarded-for'] ?? '').split(',');
      for (const hop of said.slice(-hopsLimit).reverse()) {
        const before = plainAddress(hop.trim());
        // What no proxy of ours would write: whoever wrote it is as far as we can see.
        if (before === null) break;
        address = before;
        if (!isTrusted(before)) break;
      }
    }
    return { address, userAgent: readable(headers['user-agent']) };
  };
}

/** An address without port, brackets and zone, IPv4 in its own form; null when it is none. */
function plainAddress(text: string): string | null {
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const address = bare.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
  return isIP(address) === 0 ? null : address.toLowerCase();
}

function readable(userAgent: string | undefined): string | null {
  const text = (userAgent ?? '').replace(/[^\x20-\x7e]/g, ' ').trim();
  return text === '' ? null : text.slice(0, userAgentLimit);
}
