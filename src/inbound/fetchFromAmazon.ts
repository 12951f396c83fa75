import { type LookupAddress, lookup as lookUp } from 'node:dns';
import { get } from 'node:https';
import { BlockList, isIPv6, type LookupFunction } from 'node:net';

/** Milliseconds Amazon has to answer. */
const patience = 5_000;

/** Bytes of an answer that are read. */
const bytesAtMost = 65_536;

/** Addresses that are nobody's on the internet: our own machine's, our own network's, and those with another meaning. */
const inward = { ipv4: inwardIpv4(), ipv6: inwardIpv6() };

/**
 * Reads what lies at an https URL, at most 64 KB of it and within 5 s, from the internet alone: an address of our own
 * network is refused after the name was looked up, on the connection itself, so that no second answer can differ.
 * Redirects are not followed.
 * @throws Error when it cannot be read, or the status is not 2xx.
 */
export function fetchFromAmazon(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { lookup: outwardOnly, agent: false, signal: AbortSignal.timeout(patience) });
    request.on('error', reject);
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      if (status < 200 || status > 299) {
        response.destroy();
        reject(new Error(`${new URL(url).host} answered ${status}.`));
        return;
      }
      const chunks: Uint8Array[] = [];
      let bytes = 0;
      response.on('data', (chunk: Uint8Array) => {
        bytes += chunk.length;
        if (bytes > bytesAtMost) response.destroy(new Error('The answer is too large.'));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    });
  });
}

/** Looks a name up and refuses it when any of its addresses lies inward. */
export const outwardOnly: LookupFunction = (hostname, options, callback) => {
  lookUp(hostname, { ...options, all: true }, (error, found) => {
    const addresses = (error === null ? found : []) as LookupAddress[];
    const refused = addresses.find(({ address }) => isInward(address));
    const [first] = addresses;
    if (error !== null || first === undefined)
      callback(error ?? new Error(`${hostname} has no address.`), '', 0);
    else if (refused !== undefined)
      callback(new Error(`${hostname} leads inward, to ${refused.address}.`), '', 0);
    else if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};

/** Whether an address is not one of the internet. */
export function isInward(address: string): boolean {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  return inward[family].check(address, family);
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

/** A list of its own: IPv4 addresses count as ::ffff:0:0/96, too. Source: as above. */
function inwardIpv6(): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of [
    ['::', 96],
    ['::ffff:0:0', 96],
    ['64:ff9b::', 32],
    ['100::', 64],
    ['2001::', 23],
    ['2001:db8::', 32],
    ['2002::', 16],
    ['fc00::', 7],
    ['fe80::', 10],
    ['fec0::', 10],
    ['ff00::', 8],
  ] as const) {
    list.addSubnet(network, prefix, 'ipv6');
  }
  return list;
}
