import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ExecutionArgs } from 'graphql';
import { handleProtocols } from 'graphql-ws';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import type { LiveSubscriptions } from '../graphql/subscription/liveSubscriptions.ts';
import type { Log } from '../log.ts';
import type { Clock } from '../store/clock.ts';
import type { Authenticator, Credential } from './authenticate.ts';
import { createMisuseLog } from './misuseLog.ts';
import type { OriginOf, RequestOrigin } from './requestOrigin.ts';
import type { Revocations } from './revocations.ts';
import { closeCodes, SocketConnection } from './socketConnection.ts';
import { type SocketLimits, socketLimits } from './socketLimits.ts';
import { socketProtocol } from './socketProtocol.ts';
import { watchSockets } from './socketWatch.ts';

/** What the WebSocket transport is made of. */
export interface WebSocketOptions {
  readonly http: Server;
  /** `yoga.getEnveloped`: the same plugins, limits, context and masking as over HTTP. */
  getEnveloped(initial: {
    readonly credential: Credential;
    readonly requestId: string;
    readonly origin: RequestOrigin;
  }): unknown;
  /** Resolves once an operation may be carried out; throws when it may not now. */
  admit(args: ExecutionArgs): Promise<void> | undefined;
  /** The groups of identical subscriptions. */
  readonly live: LiveSubscriptions;
  readonly revocations: Revocations;
  readonly authenticator: Pick<Authenticator, 'credential' | 'presentedBySocket'>;
  readonly clock: Clock;
  readonly originOf: OriginOf;
  readonly log: Pick<Log, 'warn' | 'error'>;
  newRequestId(): string;
  readonly limits?: Partial<SocketLimits>;
}

/** GraphQL over WebSocket (graphql-transport-ws) on an HTTP server. */
export interface WebSocketTransport {
  /** Sockets open now. */
  readonly size: number;
  /** Takes no more, lets queries and mutations under way finish (≤ 10 s), and closes every socket with 1001. */
  stop(): Promise<void>;
}

/** The longest a stop waits for operations under way, in milliseconds. */
const drainLimit = 10_000;
const path = '/graphql';

/** Settings ws 8.21 and later know and its types do not yet. */
interface NewerSettings {
  readonly maxFragments: number;
  /** Milliseconds the other side has to answer a close before it is cut off. */
  readonly closeTimeout: number;
}

/** Serves graphql-transport-ws at `/graphql` of the HTTP server. */
export function attachWebSocket(options: WebSocketOptions): WebSocketTransport {
  const limits = { ...socketLimits, ...options.limits };
  const connections = new Set<SocketConnection>();
  /** In the order they were opened, and when that was: those that have not sent `connection_init`. */
  const silent = new Map<SocketConnection, number>();
  const misuse = createMisuseLog(options.log);
  const state = { draining: false };
  const settings: ServerOptions & NewerSettings = {
    noServer: true,
    clientTracking: false,
    // Compression would cost memory for every socket, and make the shared bytes of a group useless.
    perMessageDeflate: false,
    maxPayload: limits.messageBytes,
    maxFragments: 64,
    closeTimeout: 2_000,
    // Answered by us within the budget of messages: ws cuts off, without a word, whoever sends many pings at once.
    autoPong: false,
    handleProtocols: (protocols) => handleProtocols(protocols),
  };
  const server = new WebSocketServer(settings);
  const watch = watchSockets({
    connections,
    limits,
    clock: options.clock,
    recheck: async ({ presented }) => presented && options.authenticator.credential(presented),
  });
  const open = socketProtocol({ options, limits, state, misuse, speaks: (one) => void silent.delete(one) });

  options.http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (pathOf(request) !== path) return refuse(socket, '404 Not Found');
    if (state.draining || connections.size >= limits.sockets) {
      misuse.note('refused: too many sockets or stopping');
      return refuse(socket, '503 Service Unavailable\r\nRetry-After: 1');
    }
    server.handleUpgrade(request, socket, head, (webSocket) => opened(webSocket, socket, request));
  });
  // A function of its own: whatever is kept until the socket closes must not keep its request.
  const opened = (webSocket: WebSocket, socket: Duplex, request: IncomingMessage): void => {
    const connection = new SocketConnection(webSocket, options.originOf(request), socket, limits, watch.full);
    connections.add(connection);
    silent.set(connection, performance.now());
    closeLongestSilent(silent, limits, misuse);
    open(webSocket, { connection, request }, () => {
      connections.delete(connection);
      silent.delete(connection);
    });
  };
  return {
    get size() {
      return connections.size;
    },
    async stop() {
      state.draining = true;
      await closeAll(connections);
      watch.stop();
      misuse.stop();
      server.close();
    },
  };
}

function pathOf({ url = '' }: IncomingMessage): string | undefined {
  return url.split('?', 1)[0];
}

/** Whoever means to talk does so at once: among too many that are silent, the newest is the likeliest to. */
function closeLongestSilent(
  silent: Map<SocketConnection, number>,
  limits: SocketLimits,
  misuse: { note(what: string): void },
): void {
  const [oldest] = silent;
  if (oldest === undefined || silent.size <= limits.silent) return;
  const [longest, openedAt] = oldest;
  if (performance.now() - openedAt < limits.silentFor) return;
  silent.delete(longest);
  misuse.note('closed: too many sockets without connection_init');
  longest.dismiss(closeCodes.initialisationTimeout, 'Too many sockets wait; send connection_init at once');
}

function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => {});
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

async function closeAll(connections: ReadonlySet<SocketConnection>): Promise<void> {
  const deadline = performance.now() + drainLimit;
  while (connections.size > 0) {
    const late = performance.now() > deadline;
    for (const connection of connections) {
      if (connection.executing === 0 || late) connection.close(closeCodes.goingAway, 'Going away');
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    // `ws` itself cuts off, after 2 s, whoever does not answer the close.
    if (performance.now() > deadline + 3_000) break;
  }
}
