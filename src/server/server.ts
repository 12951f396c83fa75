import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Clock } from '../store/clock.ts';
import { watchBodies } from './bodyWatch.ts';
import { type HealthChecks, readiness } from './health.ts';
import type { OriginOf } from './requestOrigin.ts';
import type { ServerContext, WarroomYoga } from './yoga.ts';

/** The longest a stop waits for accepted requests, in milliseconds, before it cuts what is left. */
const drainLimit = 10_000;

/**
 * Requests one connection may send ahead of their answers. Node reads on without a bound, so that one connection could
 * have tens of thousands carried out at once; clients of today send none ahead.
 */
const pipelinedAtMost = 32;

/** Answers a path of its own, or null when the path is not its. */
export type Route = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** What a server answers with, and where. */
export interface ServerOptions {
  readonly host: string;
  readonly port: number;
  readonly yoga: WarroomYoga;
  /** Answers plain POSTs to `/graphql` by itself, or leaves them to Yoga. */
  readonly directPost: Route;
  /** The pages of sign-in, and who is sent there first. */
  readonly pages: Route;
  /** Webhooks in. */
  readonly inbound: Route;
  /** Whether a person may pass, for other systems. */
  readonly gate: Route;
  readonly health: HealthChecks;
  readonly clock: Clock;
  readonly originOf: OriginOf;
  /** Told of an answer that failed unexpectedly. */
  onError(error: unknown): void;
}

/** A server that listens. */
export interface RunningServer {
  readonly http: Server;
  readonly url: string;
  /** True from the moment a stop began. */
  readonly draining: () => boolean;
  /** Refuses new connections, finishes accepted requests, then closes; at most 10 s. */
  stop(): Promise<void>;
}

function json(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(text);
}

function listen(http: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, () => {
      http.off('error', reject);
      resolve(http.address() as AddressInfo);
    });
  });
}

/** Keeps count of answers under way, and makes every answer of a stopping server close its connection. */
function trackAnswers(http: Server): { underWay: () => number; stopping: () => void } {
  const connections = new Map<Socket, Set<ServerResponse>>();
  let stopping = false;
  const begin = (socket: Socket): Set<ServerResponse> => {
    const open = new Set<ServerResponse>();
    connections.set(socket, open);
    socket.once('close', () => {
      connections.delete(socket);
      // Node tells only the answer whose turn it is; those that waited for theirs would never end.
      setImmediate(() => {
        for (const response of open) response.emit('close');
      });
    });
    return open;
  };
  http.prependListener('request', ({ socket }, response) => {
    const open = connections.get(socket) ?? begin(socket);
    open.add(response);
    response.once('close', () => open.delete(response));
    if (stopping) response.setHeader('connection', 'close');
    if (open.size > pipelinedAtMost) socket.destroy();
  });
  return {
    underWay: () => [...connections.values()].reduce((sum, open) => sum + open.size, 0),
    stopping: () => {
      stopping = true;
      for (const open of connections.values()) {
        for (const response of open) if (!response.headersSent) response.setHeader('connection', 'close');
      }
    },
  };
}

/** Routes by path: health, GraphQL, the session gate, webhooks in; anything else is 404. */
function router(options: ServerOptions, draining: () => boolean) {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (path === '/healthz') return json(response, 200, { status: 'alive' });
    if (path === '/readyz') {
      const found = await readiness(options.health, options.clock.now(), draining());
      return json(response, found.ready ? 200 : 503, found);
    }
    if (path === '/graphql') {
      if (request.method === 'GET' && (await options.pages(request, response))) return;
      if (await options.directPost(request, response)) return;
      return options.yoga(request, response, {
        origin: options.originOf(request),
      } as ServerContext) as Promise<void>;
    }
    if (await options.pages(request, response)) return;
    if (await options.gate(request, response)) return;
    if (await options.inbound(request, response)) return;
    json(response, 404, { error: 'Nothing is here. The API is at /graphql.' });
  };
  return (request: IncomingMessage, response: ServerResponse): void => {
    if (request.socket.destroyed) return;
    answer(request, response).catch((error: unknown) => {
      // Who hung up in the middle of a body waits for no answer, and is no failure of ours to log.
      if (request.destroyed && !request.complete) return;
      options.onError(error);
      if (response.headersSent) response.destroy();
      else json(response, 500, { error: 'Something unexpected went wrong.' });
    });
  };
}

async function drain(http: Server, underWay: () => number): Promise<void> {
  const closed = new Promise<void>((resolve) => http.close(() => resolve()));
  const deadline = performance.now() + drainLimit;
  while (underWay() > 0 && performance.now() < deadline) {
    http.closeIdleConnections();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  // Whatever is still open is idle, or has had its ten seconds.
  http.closeAllConnections();
  await closed;
}

/**
 * Listens and serves until stopped.
 * @throws Error when the address cannot be listened on, with the reason.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  let draining = false;
  const http = createServer({
    headersTimeout: 10_000,
    requestTimeout: 60_000,
    // Node looks every 30 s otherwise, which is what its timeouts would really be.
    connectionsCheckingInterval: 5_000,
    keepAliveTimeout: 65_000,
    maxHeaderSize: 16_384,
  });
  http.maxConnections = 20_000;
  const tracked = trackAnswers(http);
  const stopWatchingBodies = watchBodies(http);
  http.on(
    'request',
    router(options, () => draining),
  );
  const address = await listen(http, options.port, options.host);
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    http,
    url: `http://${host}:${address.port}`,
    draining: () => draining,
    async stop() {
      draining = true;
      tracked.stopping();
      await drain(http, tracked.underWay);
      stopWatchingBodies();
    },
  };
}
