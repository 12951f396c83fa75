import type { IncomingMessage } from 'node:http';
import { GraphQLError } from 'graphql';
import { makeServer, type WebSocket as ProtocolSocket } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Credential } from './authenticate.ts';
import { failureLog } from './failureLog.ts';
import type { Presented } from './presented.ts';
import type { RequestOrigin } from './requestOrigin.ts';
import { doubtLasts } from './revocations.ts';
import { closeCodes, type SocketConnection } from './socketConnection.ts';
import type { SocketLimits } from './socketLimits.ts';
import { type SocketEnvelope, type SocketExtra, socketOperations } from './socketOperations.ts';
import type { WebSocketOptions } from './webSocket.ts';

/** What the protocol is made of. */
export interface ProtocolParts {
  readonly options: WebSocketOptions;
  readonly limits: SocketLimits;
  readonly state: { readonly draining: boolean };
  readonly misuse: { note(what: string): void };
  /** Its `connection_init` has come. */
  speaks(connection: SocketConnection): void;
}

/** Takes over a socket that was just opened, by this request. */
export type OpenSocket = (
  socket: WebSocket,
  opened: { readonly connection: SocketConnection; readonly request: IncomingMessage },
  onClosed: () => void,
) => void;

/** The protocol itself is graphql-ws's; what comes in passes our budget first. */
export function socketProtocol(parts: ProtocolParts): OpenSocket {
  const { options, limits, misuse } = parts;
  const envelope = (credential: Credential, requestId: string, origin: RequestOrigin) =>
    options.getEnveloped({ credential, requestId, origin }) as SocketEnvelope;
  const onError = failureLog(options.log);
  const protocol = makeServer<Record<string, unknown> | undefined, SocketExtra>({
    connectionInitWaitTimeout: limits.initWithin,
    onConnect: ({ extra, connectionParams }) => {
      const { connection, request } = extra;
      if (request === null) return false;
      extra.request = null;
      parts.speaks(connection);
      return connect(parts, connection, options.authenticator.presentedBySocket(request, connectionParams));
    },
    ...socketOperations({
      live: options.live,
      limits,
      envelope,
      admit: options.admit,
      newRequestId: options.newRequestId,
      draining: () => parts.state.draining,
      onError,
    }),
  });
  return (socket, { connection, request }, onClosed) => {
    const opened = protocol.opened(adapter(parts, socket, connection), { connection, request });
    const closed = async (code: number): Promise<void> => opened(code, '');
    socket.on('ping', (data) => {
      if (allowed(connection, misuse)) socket.pong(data, false, () => undefined);
    });
    socket.on('pong', () => {
      connection.alive = true;
    });
    socket.on('error', () => misuse.note('closed: broken or oversized messages'));
    socket.once('close', (code: number) => {
      onClosed();
      closed(code).catch(onError);
      connection.closed();
    });
  };
}

/** graphql-ws's view of the socket. */
function adapter(
  { options, misuse }: ProtocolParts,
  socket: WebSocket,
  connection: SocketConnection,
): ProtocolSocket {
  const fail = (error: unknown): void => {
    // A send on a socket that broke is not an error of ours.
    if (connection.closing || socket.readyState !== socket.OPEN) return;
    options.log.error({ err: error }, 'A WebSocket message failed unexpectedly.');
    connection.close(closeCodes.internalError, 'Internal server error');
  };
  return {
    protocol: socket.protocol,
    send: (text) => send(socket, text),
    close: (code = closeCodes.badRequest, reason = '') => {
      if (code >= 4_000) misuse.note(`closed: ${code}`);
      connection.close(code, reason);
    },
    onMessage: (handle) => {
      socket.on('message', (data) => {
        if (!allowed(connection, misuse)) return;
        connection.holdBackIfFull();
        handle(String(data)).catch(fail);
      });
    },
    // Answered without its payload: what is echoed would be ours to buffer.
    onPing: () => send(socket, '{"type":"pong"}'),
  };
}

/** Whether the message may be looked at; past its budget the socket is closed. */
function allowed(connection: SocketConnection, misuse: ProtocolParts['misuse']): boolean {
  connection.alive = true;
  if (connection.closing) return false;
  if (connection.spend()) return true;
  misuse.note('closed: too many messages');
  connection.close(closeCodes.tooManyRequests, 'Too many messages');
  return false;
}

async function connect(
  { options, limits, misuse }: ProtocolParts,
  connection: SocketConnection,
  presented: Presented,
): Promise<boolean> {
  let credential: Credential | null;
  try {
    credential = await options.authenticator.credential(presented);
  } catch (error) {
    refuse(options.log, connection, error);
    return false;
  }
  if (credential === null) {
    misuse.note('closed: unauthenticated');
    connection.close(closeCodes.unauthorized, 'Send a valid API key as connectionParams.authorization');
    return false;
  }
  if (connection.closing) return false;
  connection.admit(credential, presented);
  // What was revoked between the look-up and listening, or believed for a second, is caught by the first recheck.
  connection.recheckAt = performance.now() + limits.recheckFirst;
  const stop = options.revocations.listen(
    credential.principal,
    (reason) => connection.close(closeCodes.forbidden, reason),
    () => {
      connection.recheckAt = performance.now() + doubtLasts;
    },
  );
  connection.socket.once('close', stop);
  return true;
}

/** What a socket is closed with that cannot be let in for a reason its client should hear. */
const codesOf: Readonly<Record<string, number>> = {
  BAD_USER_INPUT: closeCodes.badRequest,
  OVERLOADED: closeCodes.tryAgainLater,
  RATE_LIMITED: closeCodes.tryAgainLater,
};

/** What the client can put right is said to it, as far as a close has room; anything else is ours. */
function refuse(log: WebSocketOptions['log'], connection: SocketConnection, error: unknown): void {
  if (!(error instanceof GraphQLError)) {
    log.error({ err: error }, 'A WebSocket could not be authenticated.');
    connection.close(closeCodes.tryAgainLater, 'Try again later');
    return;
  }
  connection.close(
    codesOf[String(error.extensions.code)] ?? closeCodes.forbidden,
    Buffer.from(error.message)
      .subarray(0, 120)
      .toString()
      .replace(/\uFFFD+$/, ''),
  );
}

function send(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    if (socket.readyState !== socket.OPEN) resolve();
    else socket.send(text, (error) => (error ? reject(error) : resolve()));
  });
}
