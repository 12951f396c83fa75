import type { IncomingMessage } from 'node:http';
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import type { Context, ServerOptions, SubscribePayload } from 'graphql-ws';
import type { LiveSubscriptions } from '../graphql/subscription/liveSubscriptions.ts';
import { admitOperation, type Envelope } from './admitOperation.ts';
import type { Credential } from './authenticate.ts';
import { endsOnly } from './endsOnly.ts';
import { maskError } from './maskErrors.ts';
import type { RequestOrigin } from './requestOrigin.ts';
import { variablesProblem } from './shallowVariables.ts';
import { closeCodes, type SocketConnection } from './socketConnection.ts';
import type { SocketLimits } from './socketLimits.ts';
import { SocketOutlet } from './socketOutlet.ts';

/** What `yoga.getEnveloped` answers, as far as a WebSocket needs it. */
export interface SocketEnvelope extends Envelope {
  readonly contextFactory: () => unknown;
  readonly execute: (args: ExecutionArgs) => unknown;
  readonly subscribe: (args: ExecutionArgs) => unknown;
}

/** How operations of sockets are run. */
export interface SocketOperationsOptions {
  readonly live: LiveSubscriptions;
  readonly limits: SocketLimits;
  /** A fresh envelope of the same Yoga that serves HTTP. */
  envelope(credential: Credential, requestId: string, origin: RequestOrigin): SocketEnvelope;
  /** Resolves once an operation may be carried out; throws when it may not now. */
  admit(args: ExecutionArgs): Promise<void> | undefined;
  newRequestId(): string;
  /** True once the server is stopping: nothing new is begun. */
  draining(): boolean;
  /** An unexpected error behind a masked one. */
  onError(error: unknown, requestId: string): void;
}

/** What graphql-ws keeps of each socket for us. */
export interface SocketExtra {
  readonly connection: SocketConnection;
  /** The request that opened it, until `connection_init`: nobody needs it after that, and sockets are many. */
  request: IncomingMessage | null;
}

type SocketContext = Context<Record<string, unknown> | undefined, SocketExtra>;

/** An operation on its way through graphql-ws, with what it was admitted with. */
interface SocketArgs extends ExecutionArgs {
  readonly admitted: {
    readonly id: string;
    readonly requestId: string;
    readonly connection: SocketConnection;
    readonly envelope: SocketEnvelope;
  };
}

type Hooks = Pick<
  ServerOptions<Record<string, unknown> | undefined, SocketExtra>,
  'onSubscribe' | 'execute' | 'subscribe'
>;

const refusal = (message: string, code: string) => [new GraphQLError(message, { extensions: { code } })];

/** graphql-ws's hooks that admit and run operations: the same plugins, limits and masking as over HTTP. */
export function socketOperations(options: SocketOperationsOptions): Hooks {
  return {
    onSubscribe: (context, id, payload) => admit(options, context as SocketContext, id, payload),
    execute: (args) => execute(args as SocketArgs) as ReturnType<NonNullable<Hooks['execute']>>,
    subscribe: (args) =>
      subscribe(options, args as SocketArgs) as ReturnType<NonNullable<Hooks['subscribe']>>,
  };
}

async function admit(
  options: SocketOperationsOptions,
  context: SocketContext,
  id: string,
  payload: SubscribePayload,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const { connection } = context.extra;
  const { credential } = connection;
  const { limits } = options;
  if (credential === null) return refusal('This connection is not authenticated.', 'UNAUTHENTICATED');
  if (options.draining()) return refusal('This instance is stopping; connect again.', 'OVERLOADED');
  if (id.length > limits.idLength) {
    connection.close(closeCodes.badRequest, `Operation ids have at most ${limits.idLength} characters`);
    return refusal('The operation id is too long.', 'BAD_USER_INPUT');
  }
  if (Object.keys(context.subscriptions).length > limits.operations) {
    return refusal(`At most ${limits.operations} operations at a time on one socket.`, 'RATE_LIMITED');
  }
  const problem = variablesProblem(payload.variables);
  if (problem !== null) return [problem];
  const requestId = options.newRequestId();
  try {
    const envelope = options.envelope(credential, requestId, connection.origin);
    const admission = admitOperation(envelope, payload.query);
    if ('errors' in admission) return admission.errors;
    const args: SocketArgs = {
      schema: envelope.schema as ExecutionArgs['schema'],
      document: admission.document,
      operationName: payload.operationName ?? null,
      variableValues: payload.variables ?? {},
      contextValue: await envelope.contextFactory(),
      admitted: { id, requestId, connection, envelope },
    };
    return args;
  } catch (error) {
    return [masked(options, error, requestId)];
  }
}

function masked(options: SocketOperationsOptions, error: unknown, requestId: string): GraphQLError {
  return maskError(error, requestId, (cause) => options.onError(cause, requestId));
}

async function execute(args: SocketArgs): Promise<unknown> {
  const { connection, envelope } = args.admitted;
  connection.executing += 1;
  try {
    return await envelope.execute(args);
  } finally {
    connection.executing -= 1;
  }
}

/** Lets go of what graphql-ws would hold on to until the operation ends, and its group does not need. */
function forget(args: { contextValue?: unknown; admitted: unknown }): void {
  args.contextValue = null;
  args.admitted = null;
}

async function subscribe(options: SocketOperationsOptions, args: SocketArgs): Promise<unknown> {
  const { connection, envelope, id, requestId } = args.admitted;
  try {
    // A shared subscription is begun past the plugins.
    await options.admit(args);
    const outlet = new SocketOutlet(connection, id);
    const leave = await options.live.join({ args, outlet });
    if (leave === null) return await envelope.subscribe(args);
    forget(args);
    const shared = endsOnly(leave);
    outlet.onComplete(() => void shared.return?.());
    return shared;
  } catch (error) {
    const result: ExecutionResult = { errors: [masked(options, error, requestId)] };
    return result;
  }
}
