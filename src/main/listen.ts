import type { GraphQLSchema } from 'graphql';
import type { AccessLog } from '../app/accessLog.ts';
import type { Handle } from '../app/answer.ts';
import type { Guessing } from '../app/guessing.ts';
import type { Config } from '../config.ts';
import type { Feed } from '../feed/feed.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import type { IdentityRoom } from '../identity/createIdentity.ts';
import { serveInbound } from '../inbound/serveInbound.ts';
import type { Log } from '../log.ts';
import type { Resolve } from '../outbound/outward.ts';
import { createDirectPost } from '../server/directPost.ts';
import { createGateRoute } from '../server/gateRoute.ts';
import { maskResult } from '../server/maskErrors.ts';
import { createOriginOf } from '../server/requestOrigin.ts';
import { servePages } from '../server/servePages.ts';
import { type RunningServer, startServer } from '../server/server.ts';
import { attachWebSocket } from '../server/webSocket.ts';
import { acceptableRequestId } from '../server/yoga.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import { CommandError } from './commandError.ts';
import { createApi } from './createApi.ts';
import { openIntake } from './openIntake.ts';
import type { Scheduling } from './startScheduling.ts';

/** What a server is put on top of. */
export interface ListenOptions {
  readonly config: Pick<Config, 'host' | 'port' | 'trustedProxies' | 'tokens' | 'secretKey'>;
  readonly log: Log;
  readonly schema: GraphQLSchema;
  readonly database: Database;
  readonly clock: Clock;
  readonly feed: Feed;
  readonly handle: Handle;
  readonly identity: IdentityRoom;
  readonly guessing: Guessing;
  readonly scheduler: Scheduling;
  readonly accessLog: AccessLog;
  readonly bulkActions: GraphQLContext['bulkActions'];
  /** How names of hosts that others choose become addresses. */
  readonly resolve: Resolve;
  newRequestId(): string;
  /** Signs ledger heads; null when there is no signing key. */
  readonly signHead: GraphQLContext['signHead'] | null;
}

/**
 * Serves GraphQL over HTTP, SSE and WebSocket, the webhooks and the health checks.
 * @throws CommandError when the address is taken or not this machine's.
 */
export async function listen(options: ListenOptions): Promise<Pick<RunningServer, 'url' | 'stop'>> {
  const { config, log, clock, newRequestId } = options;
  const { handle, onOutdated, outdated } = noticingOutdated(options.handle);
  const originOf = createOriginOf(config.trustedProxies);
  const intake = openIntake({ ...options, handle });
  const wired = { ...options, handle, onOutdated, originOf, intake };
  const api = createApi(wired);
  const { yoga, live, accessGuard, asking, gates, revocations, streams } = api;
  const { credentialOf } = asking;
  const server = await startServer({
    ...config,
    yoga,
    directPost: createDirectPost({
      envelope: yoga.getEnveloped as never,
      credentialOf,
      originOf,
      requestIdOf: (header) => acceptableRequestId(header ?? null) ?? newRequestId(),
      mask: (result, requestId) => maskResult(result, requestId, wired),
    }),
    pages: servePages({ pages: options.identity.pages, ...asking }),
    inbound: serveInbound(intake.inbound(asking.apiKey), (request) => originOf(request).address ?? ''),
    gate: createGateRoute({ gates, credentialOf }),
    clock,
    originOf,
    health: { ...healthChecks(options), outdated },
    onError: (error) => log.error({ err: error }, 'A request failed unexpectedly'),
  }).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`Cannot listen on ${config.host} port ${config.port}: ${reasonOf(error)}`);
  });
  const sockets = attachWebSocket({
    http: server.http,
    getEnveloped: yoga.getEnveloped,
    live,
    admit: accessGuard.admit,
    originOf,
    revocations,
    authenticator: asking,
    clock,
    log,
    newRequestId,
  });
  return {
    url: server.url,
    async stop() {
      // An open stream never ends by itself; its client resumes elsewhere from its cursor.
      revocations.stop();
      await Promise.all([streams.stop(), sockets.stop(), server.stop()]);
      await intake.stop();
      gates.close();
    },
  };
}

/**
 * The same door, and what an answer that says SERVER_OUTDATED is told to: once one of them has met what a newer program
 * wrote, this instance is not ready any more.
 */
function noticingOutdated(handle: Handle) {
  let met = false;
  const onOutdated = (): void => {
    met = true;
  };
  const noticing: Handle = (request) =>
    handle(request).catch((error: unknown) => {
      if ((error as { code?: unknown }).code === 'SERVER_OUTDATED') onOutdated();
      throw error;
    });
  return { handle: noticing, onOutdated, outdated: () => met };
}

function healthChecks({ database, feed, scheduler }: ListenOptions) {
  return {
    database: async () => void (await database.asPlatform('select 1')),
    scheduler: scheduler.health,
    feedLag: () => feed.lag(),
  };
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === 'EADDRINUSE') return 'it is taken. Set PORT to another one.';
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return 'HOST is no address of this machine.';
  if (error.code === 'EACCES') return 'this user may not. Set PORT to 1024 or more.';
  return error.message;
}
