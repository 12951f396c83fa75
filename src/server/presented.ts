import type { IncomingMessage } from 'node:http';

/** Tells the address a request comes from. */
export type AddressOf = (request: IncomingMessage) => string;

/** What a request, or the opening of a WebSocket, says about who sends it. Small: every open socket keeps one. */
export interface Presented {
  /** The Authorization header, or `connectionParams.authorization`. */
  readonly authorization: string | null;
  readonly cookie: string | undefined;
  /** The slug a person asks to act in: `Warroom-Organization`, or `connectionParams.organization`. */
  readonly organization: string | null;
  /** Where it comes from. */
  readonly address: string;
  /** GET, POST …; SOCKET for a WebSocket, whose opening is a GET that may lead to anything. */
  readonly method: string;
  /** What a browser says of the page behind it; a page cannot forge them. */
  readonly origin: string | undefined;
  readonly host: string | undefined;
  readonly fetchSite: string | undefined;
  readonly fetchMode: string | undefined;
}

/** What an HTTP request presents. */
export function presentedBy(request: IncomingMessage, addressOf: AddressOf): Presented {
  const { headers } = request;
  return {
    authorization: headers.authorization ?? null,
    cookie: headers.cookie,
    organization: textOf(headers['warroom-organization']),
    address: addressOf(request),
    method: request.method ?? 'GET',
    origin: headers.origin,
    host: headers.host,
    fetchSite: textOf(headers['sec-fetch-site']) ?? undefined,
    fetchMode: textOf(headers['sec-fetch-mode']) ?? undefined,
  };
}

/** What a WebSocket presents: `connection_init`'s payload, and the cookie of the request that opened it. */
export function presentedBySocket(
  request: IncomingMessage,
  parameters: Readonly<Record<string, unknown>> | undefined,
  addressOf: AddressOf,
): Presented {
  const presented = presentedBy(request, addressOf);
  return {
    ...presented,
    authorization: textOf(parameters?.authorization ?? parameters?.Authorization),
    organization: textOf(parameters?.organization) ?? presented.organization,
    method: 'SOCKET',
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
