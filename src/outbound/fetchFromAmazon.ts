import { get } from 'node:https';
import type { LookupFunction } from 'node:net';
import { allowedOnly, isInward, type Resolve } from './outward.ts';

/** Milliseconds Amazon has to answer. */
const patience = 5_000;

/** Bytes of an answer that are read. */
const bytesAtMost = 65_536;

/**
 * Makes what reads what lies at an https URL, at most 64 KB of it and within 5 s, from the internet alone: an address of our own
 * network is refused after the name was looked up, on the connection itself, so that no second answer can differ.
 * Redirects are not followed.
 * It throws an Error when that cannot be read, or the status is not 2xx.
 */
export function createFetchFromAmazon(resolve: Resolve): (url: string) => Promise<string> {
  const lookup = allowedOnly((address) => !isInward(address), resolve);
  return (url) => read(url, lookup);
}

function read(url: string, lookup: LookupFunction): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { lookup, agent: false, signal: AbortSignal.timeout(patience) });
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
