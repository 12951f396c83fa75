import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Inbound } from './route.ts';

/** Puts the webhooks behind Node's HTTP server; the promise tells whether the request was theirs. */
export function serveInbound(
  inbound: Inbound,
  addressOf: (request: IncomingMessage) => string,
): (request: IncomingMessage, response: ServerResponse) => Promise<boolean> {
  return async (request, response) => {
    const reply = await inbound({
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      // Giving up on a body must leave the connection standing, for the answer.
      body: request.iterator({ destroyOnReturn: false }),
      remoteAddress: addressOf(request),
    });
    if (reply === null) return false;
    response.writeHead(reply.status, { ...reply.headers, 'content-length': Buffer.byteLength(reply.body) });
    response.end(reply.body);
    return true;
  };
}
