import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GraphQLInt, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { type Client, type ClientOptions, createClient } from 'graphql-ws';
import { createYoga } from 'graphql-yoga';
import { WebSocket } from 'ws';
import type { Principal } from '../../src/domain/access/principal.ts';
import type { IncidentRecord } from '../../src/domain/incident/state.ts';
import { createFeed, type FeedLimits } from '../../src/feed/createFeed.ts';
import type { FeedEntry } from '../../src/feed/entry.ts';
import type { Feed } from '../../src/feed/feed.ts';
import type { GraphQLContext } from '../../src/graphql/context.ts';
import { createLoaders } from '../../src/graphql/loaders.ts';
import { live } from '../../src/graphql/subscription/live.ts';
import { createLiveSubscriptions } from '../../src/graphql/subscription/liveSubscriptions.ts';
import { type Credential, createAuthenticator } from '../../src/server/authenticate.ts';
import { operationGuards } from '../../src/server/guards.ts';
import { createLiveStreams, type LiveStreams } from '../../src/server/liveStreams.ts';
import { maskErrors, maskResult } from '../../src/server/maskErrors.ts';
import { createRevocations } from '../../src/server/revocations.ts';
import type { SocketLimits } from '../../src/server/socketLimits.ts';
import { attachWebSocket, type WebSocketTransport } from '../../src/server/webSocket.ts';
import { type FakeLedger, fakeLedger, organizationId } from '../feed/fakeLedger.ts';

/** How often the tiny schema's event was executed, and with whose context. */
export interface Seen {
  executions: number;
  readonly credentials: Set<string>;
  /** Subscriptions begun, each group counted as one more. */
  begun: number;
}

/** The two transports over a tiny schema and a ledger in memory. */
export interface TinyHouse {
  readonly ledger: FakeLedger;
  readonly feed: Feed;
  readonly http: Server;
  readonly url: string;
  readonly transport: WebSocketTransport;
  readonly streams: LiveStreams;
  readonly seen: Seen;
  readonly logged: unknown[];
  /** What `authenticate` answers for a key; change it to revoke one behind the ledger's back. */
  readonly keys: Map<string, Credential>;
  clock: string;
  client(key?: string, options?: Partial<ClientOptions>): Client;
  stop(): Promise<void>;
}

/** The credential of a key of the one organization. */
export function credentialOf(key: string, scopes: Principal['scopes'] = ['READ']): Credential {
  const principal: Principal = {
    organizationId,
    organizationSlug: 'default',
    actor: { kind: 'API_KEY', id: key, role: 'MEMBER' },
    scopes,
    credentialId: key,
  };
  return { principal, expiresAt: null };
}

function tinySchema(ledger: FakeLedger, seen: Seen): GraphQLSchema {
  const text = { type: new GraphQLNonNull(GraphQLString) };
  const Event = new GraphQLObjectType<FeedEntry, GraphQLContext>({
    name: 'Event',
    fields: {
      sequence: {
        type: GraphQLInt,
        resolve: ({ entry }, _args, context) => {
          seen.executions += 1;
          seen.credentials.add(context.principal.credentialId);
          return entry.sequence;
        },
      },
      body: { type: GraphQLString, resolve: ({ entry }) => ('body' in entry ? entry.body : null) },
      role: { type: GraphQLString, resolve: (_entry, _args, context) => context.principal.actor.role },
      scopes: { type: GraphQLString, resolve: (_entry, _args, context) => context.principal.scopes.join() },
      broken: {
        type: GraphQLString,
        resolve: () => {
          throw new Error('secret detail');
        },
      },
    },
  });
  const State = new GraphQLObjectType<IncidentRecord>({
    name: 'State',
    fields: {
      sequence: { type: GraphQLInt },
      version: { type: GraphQLInt, resolve: ({ state }) => state.version },
    },
  });
  return new GraphQLSchema({
    query: new GraphQLObjectType({
      name: 'Query',
      fields: {
        hello: { ...text, resolve: () => 'hello' },
        large: { ...text, resolve: () => 'x'.repeat(100_000) },
        broken: {
          ...text,
          resolve: () => {
            throw new Error('secret detail');
          },
        },
        slow: { ...text, resolve: () => new Promise((resolve) => setTimeout(resolve, 300, 'done')) },
      },
    }),
    subscription: new GraphQLObjectType<unknown, GraphQLContext>({
      name: 'Subscription',
      fields: {
        events: {
          type: Event,
          args: { after: { type: GraphQLInt }, odd: { type: GraphQLString } },
          ...live((args: { after?: number; odd?: string }, _context: GraphQLContext) => {
            seen.begun += 1;
            const match = ({ entry }: FeedEntry) => args.odd === undefined || entry.sequence % 2 === 1;
            return { mode: 'every' as const, ledger: 'INCIDENTS' as const, after: args.after ?? null, match };
          }),
          resolve: (entry) => entry,
        },
        changed: {
          type: State,
          ...live((_args: unknown, _context: GraphQLContext) => ({
            mode: 'latest' as const,
            ledger: 'INCIDENTS' as const,
            match: () => true,
            current: async () => ledger.last?.after ?? null,
          })),
          resolve: (record) => record,
        },
      },
    }),
  });
}

/** Starts it on a free port. */
export async function tinyHouse(
  limits: Partial<SocketLimits> = {},
  feedLimits: Partial<FeedLimits> = {},
): Promise<TinyHouse> {
  const ledger = fakeLedger();
  const logged: unknown[] = [];
  const keep = (...line: unknown[]) => void logged.push(line);
  const log = { info: keep, warn: keep, error: keep };
  const seen: Seen = { executions: 0, credentials: new Set(), begun: 0 };
  const feed = createFeed({ database: ledger.database, log, limits: { pollEvery: 50, ...feedLimits } });
  const keys = new Map([['key', credentialOf('key')]]);
  let ids = 0;
  const newRequestId = () => `request-${++ids}`;
  const authorized = (value: unknown) => keys.get(String(value ?? '').replace('Bearer ', '')) ?? null;
  const authenticator = createAuthenticator([async ({ authorization }) => authorized(authorization)]);
  const house = { clock: '2026-11-20T19:00:00.000Z' };
  const revocations = createRevocations(feed, () => {});
  const groups = createLiveSubscriptions({
    feed,
    contextFor: (principal, requestId) => ({ principal, requestId, feed }) as GraphQLContext,
    mask: (result, requestId) => maskResult(result, requestId, { log, newRequestId }),
    askDatabase: async () => {},
    onError: () => {},
  });
  const streams = createLiveStreams({
    live: groups,
    pingEvery: 300,
    revocations,
    clock: { now: () => house.clock },
    authenticator,
    recheckFirst: limits.recheckFirst ?? 2_000,
    stuckAfter: limits.stuckAfter ?? 10_000,
  });
  const yoga = createYoga<{ credential?: Credential; requestId?: string }>({
    schema: tinySchema(ledger, seen),
    maskedErrors: false,
    logging: false,
    plugins: [operationGuards(), maskErrors({ log, newRequestId }), streams.plugin],
    context: ({ credential, requestId, request }) => ({
      principal: (credential ?? authorized(request?.headers.get('authorization')))?.principal,
      requestId: requestId ?? newRequestId(),
      feed,
      loaders: createLoaders({ database: ledger.database, organizationId }),
    }),
  });
  const http = createServer(yoga);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const transport = attachWebSocket({
    http,
    getEnveloped: (initial) => yoga.getEnveloped(initial),
    live: groups,
    admit: () => undefined,
    originOf: () => ({ address: null, userAgent: null }),
    revocations,
    authenticator,
    clock: { now: () => house.clock },
    log,
    newRequestId,
    limits,
  });
  const url = `127.0.0.1:${(http.address() as AddressInfo).port}/graphql`;
  const clients: Client[] = [];
  return Object.assign(house, {
    ledger,
    feed,
    http,
    url,
    transport,
    streams,
    seen,
    logged,
    keys,
    client(key = 'key', options: Partial<ClientOptions> = {}) {
      const client = createClient({
        url: `ws://${url}`,
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${key}` },
        retryAttempts: 0,
        ...options,
      });
      clients.push(client);
      return client;
    },
    async stop() {
      for (const client of clients) await client.dispose();
      await streams.stop();
      await transport.stop();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await feed.close();
    },
  });
}
