import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { BlockList } from 'node:net';
import {
  allowedOnly,
  ForbiddenAddressError,
  isInward,
  isWithin,
  literalAddress,
  type Resolve,
} from './outward.ts';

/** Milliseconds a whole exchange may take, from the lookup of the name to the last byte of the answer. */
const patience = 10_000;

/** Bytes of an answer that are read; the rest is left unread and the connection is closed. */
const bytesAtMost = 65_536;

/** One request that an organization's settings have Warroom make. */
export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Ends it before its time. */
  readonly signal?: AbortSignal;
}

/** What the other side answered. */
export interface PostAnswer {
  readonly status: number;
  /** The first 64 KB of it, as UTF-8. */
  readonly body: string;
  /** Its headers `Date` and `Retry-After`, as they came. */
  readonly date: string | null;
  readonly retryAfter: string | null;
}

/** Makes a request. @throws ForbiddenAddressError, or what the network says. */
export type MakePost = (post: Post) => Promise<PostAnswer>;

/**
 * Posts to addresses that organizations choose, and so to nothing of our own network: https to the internet, and what
 * `allowed` names besides, also as http. Where a name leads is judged on the connection itself, after it was looked up,
 * so that no second answer can differ; an address written into the URL is judged as it is. No redirect is followed, no
 * proxy asked, no connection kept.
 */
export function createPost(allowed: BlockList, resolve: Resolve): MakePost {
  const isAllowed = {
    https: (address: string) => isWithin(allowed, address) || !isInward(address),
    http: (address: string) => isWithin(allowed, address),
  };
  return ({ url: written, headers, body, signal }) =>
    new Promise((answer, reject) => {
      const url = new URL(written);
      const isSecure = url.protocol === 'https:';
      const may = isSecure ? isAllowed.https : isAllowed.http;
      const literal = literalAddress(url);
      if (!/^https?:$/.test(url.protocol)) throw new ForbiddenAddressError('Only https:// is possible.');
      if (literal !== null && !may(literal)) throw new ForbiddenAddressError(`${literal} is not allowed.`);
      const timeUp = AbortSignal.timeout(patience);
      const options = {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body), 'accept-encoding': 'identity' },
        lookup: allowedOnly(may, resolve),
        agent: false as const,
        signal: signal === undefined ? timeUp : AbortSignal.any([timeUp, signal]),
      };
      let isAnswering = false;
      const request: ClientRequest = isSecure ? requestHttps(url, options) : requestHttp(url, options);
      request.on('error', reject);
      // Not every end is an error: what switches to another protocol is closed without one.
      request.on('close', () => {
        if (!isAnswering) reject(new Error('The connection was closed without an answer.'));
      });
      request.on('response', (response) => {
        isAnswering = true;
        read(response, answer, reject);
      });
      request.end(body);
    });
}

function read(
  response: IncomingMessage,
  resolve: (answer: PostAnswer) => void,
  reject: (error: unknown) => void,
): void {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const answered = () =>
    resolve({
      status: response.statusCode ?? 0,
      body: Buffer.concat(chunks).subarray(0, bytesAtMost).toString('utf8'),
      date: response.headers.date ?? null,
      retryAfter: response.headers['retry-after'] ?? null,
    });
  response.on('data', (chunk: Uint8Array) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes < bytesAtMost) return;
    answered();
    response.destroy();
  });
  response.on('error', reject);
  response.on('end', answered);
}
