import type { LookupAddress, LookupAllOptions } from 'node:dns';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';

/** Addresses that are nobody's on the internet: our own machine's, our own network's, and those with another meaning. */
const inward = { ipv4: inwardIpv4(), ipv6: inwardIpv6() };

/** All that IPv6 has given out to be reached from everywhere. Source: IANA, Global Unicast Address Assignments. */
const globalIpv6 = new BlockList();
globalIpv6.addSubnet('2000::', 3, 'ipv6');

/** A connection that is not made, because of where it would lead. Its message names no address. */
export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';
}

/** How names become addresses: all of them. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Where a program of ours may connect to: a lookup that refuses a name when any of its addresses is not allowed. It is
 * the connection's own, so no second answer of a name server can differ.
 */
export function allowedOnly(isAllowed: (address: string) => boolean, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      const addresses = error === null ? found : [];
      const [first] = addresses;
      if (error !== null || first === undefined)
        callback(error ?? new Error(`${hostname} has no address.`), '', 0);
      else if (!addresses.every(({ address }) => isAllowed(address)))
        callback(
          new ForbiddenAddressError(`${hostname} does not lead to an address that is allowed.`),
          '',
          0,
        );
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** The address that a URL's host is, when it is one and no name: that is never looked up. */
export function literalAddress({ hostname }: URL): string | null {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) === 0 ? null : address;
}

/** Whether an address is of one of these networks. */
export function isWithin(networks: BlockList, address: string): boolean {
  // With a zone it means something on this very machine, and no list knows it.
  if (address.includes('%')) return false;
  return networks.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** Whether an address is not one of the internet. */
export function isInward(address: string): boolean {
  if (address.includes('%')) return true;
  if (!isIPv6(address)) return inward.ipv4.check(address, 'ipv4');
  return !globalIpv6.check(address, 'ipv6') || inward.ipv6.check(address, 'ipv6');
}

/** Source: the special-purpose registries of RFC 6890, with multicast. */
function inwardIpv4(): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.88.99.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 3],
  ] as const) {
    list.addSubnet(network, prefix, 'ipv4');
  }
  return list;
}

/** What of the addresses given out has another meaning. Source: as above. */
function inwardIpv6(): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of [
    ['2001::', 23],
    ['2001:db8::', 32],
    ['2002::', 16],
    ['3fff::', 20],
  ] as const) {
    list.addSubnet(network, prefix, 'ipv6');
  }
  return list;
}
