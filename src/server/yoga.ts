import type { IncomingMessage } from 'node:http';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { Principal } from '../domain/access/principal.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import type { Credential } from './authenticate.ts';
import type { RequestOrigin } from './requestOrigin.ts';

/** The largest body `/graphql` reads, in bytes: a signal's 256 KB of data, escaped, with room to spare. */
export const bodyLimit = 1_048_576;

/** What the transport hands Yoga: WebSocket messages come with their credential already established. */
export interface ServerContext {
  readonly credential?: Credential;
  readonly requestId?: string;
  /** The request as Node has it; Yoga's Node adapter puts it there. Absent over WebSocket. */
  readonly req?: IncomingMessage;
  /** Where it came from; the access log finds it in the context. */
  readonly origin?: RequestOrigin;
}

/** What Yoga needs from the rest of the program. */
export interface YogaOptions {
  readonly schema: GraphQLSchema;
  /** Limits and masking, the same for HTTP and WebSocket. */
  readonly plugins: readonly Plugin[];
  /** The credential of a request; null when there is none that holds. */
  credentialOf(request: IncomingMessage): Promise<Credential | null>;
  /** A fresh context (loaders included) for one request. */
  contextFor(principal: Principal, requestId: string): GraphQLContext;
  /** A fresh id for a request that came without `X-Request-Id`. */
  newRequestId(): string;
}

/** The Yoga server type used across HTTP and WebSocket. */
export type WarroomYoga = YogaServerInstance<ServerContext, GraphQLContext>;

const unauthenticated = () =>
  new GraphQLError('Send a valid API key as `Authorization: Bearer <key>`, or sign in at /sign-in.', {
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401, headers: { 'WWW-Authenticate': 'Bearer' } } },
  });

const welcome = `# Warroom. Signed in, you need nothing else.
# With an API key instead, put it into the Headers tab below
#   { "Authorization": "Bearer <your API key>" }
# and press "Re-fetch GraphQL schema" at the lower left.
#
# Try a first incident:
mutation Declare {
  declareIncident(input: { title: "Checkout answers 500", severity: SEV2 }) {
    ... on DeclareIncidentPayload { incident { reference status pendingActions { kind dueAt } } sequence }
    ... on UserError { code message }
  }
}

subscription Live {
  incidentEvents { sequence type message incident { reference status } }
}
`;

/** A request id as it may come from a proxy: short, printable, nothing that could forge a log line. */
export function acceptableRequestId(value: string | null): string | null {
  return value !== null && /^[\w.:-]{8,128}$/.test(value) ? value : null;
}

/** Who sends nothing that holds is told so before anything they sent is parsed: what they can cost ends here. */
function authenticateFirst({
  credentialOf,
}: Pick<YogaOptions, 'credentialOf'>): Plugin<object, ServerContext> {
  return {
    async onParams({ context: { req } }) {
      if (req === undefined || (await credentialOf(req)) === null) throw unauthenticated();
    },
  };
}

/** GraphQL over HTTP and SSE at `/graphql`, GraphiQL for a browser, and the envelope WebSocket shares. */
export function createWarroomYoga(options: YogaOptions): WarroomYoga {
  return createYoga<ServerContext, GraphQLContext>({
    schema: options.schema,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    healthCheckEndpoint: '/-/yoga',
    // One operation a request: a batch would multiply every other limit.
    batching: false,
    multipart: false,
    cors: false,
    logging: false,
    // Masking is ours, in the plugins: one place for HTTP and WebSocket.
    maskedErrors: false,
    maxRequestBodySize: bodyLimit,
    // 9 MB of text that most processes never show.
    renderGraphiQL: async (page) => (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(page),
    graphiql: { title: 'Warroom', defaultQuery: welcome, subscriptionsProtocol: 'SSE' },
    // `rememberDocuments` is among the plugins.
    parserAndValidationCache: false,
    plugins: [authenticateFirst(options), ...options.plugins],
    async context({ request, req, ...server }) {
      const requestId =
        server.requestId ??
        acceptableRequestId(request?.headers.get('x-request-id') ?? null) ??
        options.newRequestId();
      const credential = server.credential ?? (req && (await options.credentialOf(req)));
      if (!credential) throw unauthenticated();
      return options.contextFor(credential.principal, requestId);
    },
  });
}
