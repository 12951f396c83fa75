import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { OverloadedError } from '../app/answer.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import type { LiveSubscriptions } from '../graphql/subscription/liveSubscriptions.ts';
import type { Clock } from '../store/clock.ts';
import { withoutHttp } from './admitOperation.ts';
import type { Authenticator } from './authenticate.ts';
import { endsOnly } from './endsOnly.ts';
import { EventStream } from './eventStream.ts';
import type { Presented } from './presented.ts';
import { doubtLasts, type Revocations } from './revocations.ts';
import { watchStreams } from './streamWatch.ts';

/** What streams are made of, and what ends one before its client does. */
export interface LiveStreamsOptions {
  /** The groups of identical subscriptions that WebSockets are members of, too. */
  readonly live: LiveSubscriptions;
  readonly revocations: Revocations;
  readonly clock: Clock;
  readonly authenticator: Pick<Authenticator, 'credential' | 'presentedBy'>;
  /** Milliseconds until the credential is looked up again, and between later looks. Default 2,000 and 60,000. */
  readonly recheckFirst?: number;
  readonly recheckEvery?: number;
  /** Milliseconds a stream may be full without its client taking anything. Default 10,000. */
  readonly stuckAfter?: number;
  /** Milliseconds between two comments that keep a stream alive. Default 12,000. */
  readonly pingEvery?: number;
}

/** Subscriptions over HTTP. */
export interface LiveStreams {
  /** For Yoga. */
  readonly plugin: Plugin;
  /** Ends every stream and takes no new one; their clients come back with their cursors. Resolves within 3 s. */
  stop(): Promise<void>;
}

/** The context of a subscription that came over HTTP. */
interface StreamContext extends GraphQLContext {
  readonly request?: Request;
  /** Yoga's Node adapter puts them there. */
  readonly req?: IncomingMessage;
  readonly res?: ServerResponse;
}

/** As Yoga has them. */
const headers = {
  'content-type': 'text/event-stream',
  connection: 'keep-alive',
  'cache-control': 'no-cache',
  'content-encoding': 'none',
};

/**
 * Subscriptions over HTTP (SSE): identical ones share one execution and its bytes with each other and with WebSockets.
 * One ends when its client is gone or reads nothing, or its credential is revoked or has expired. A client that comes
 * back is answered 401. Over WebSocket the socket itself is closed instead.
 */
export function createLiveStreams(options: LiveStreamsOptions): LiveStreams {
  const { stuckAfter = 10_000, pingEvery = 12_000 } = options;
  const watched = watchStreams({ stuckAfter, pingEvery });
  const streams = new WeakMap<Request, EventStream>();
  let stopping = false;
  return {
    plugin: {
      onSubscribe({ args, extendContext, subscribeFn, setSubscribeFn }) {
        const context = args.contextValue as object as StreamContext;
        const { request, req, res } = context;
        if (request === undefined || req === undefined || res === undefined) return;
        if (stopping) return setSubscribeFn(refuse as typeof subscribeFn);
        const ending = new AbortController();
        const end = (): void => ending.abort();
        const stop = watch(options, context, options.authenticator.presentedBy(req), end);
        res.once('close', end);
        ending.signal.addEventListener('abort', stop, { once: true });
        if (res.closed) end();
        extendContext({ signal: ending.signal } as never);
        const stream = new EventStream(res);
        streams.set(request, stream);
        setSubscribeFn(((subscribed: ExecutionArgs) =>
          joined(options.live, subscribed, stream, ending.signal).then(
            (shared) => shared ?? subscribeFn(subscribed as never),
          )) as typeof subscribeFn);
        return {
          onSubscribeError: end,
          onSubscribeResult({ result }) {
            if (isStream(result)) watched.add(stream);
            else end();
            return undefined;
          },
        };
      },
      onResultProcess({ request, result, setResultProcessor }) {
        const stream = streams.get(request);
        if (stream === undefined || !isStream(result)) return;
        setResultProcessor((values, { Response }) => {
          void carry(values as AsyncIterable<ExecutionResult>, stream);
          return new Response(stream.body as never, { status: 200, headers });
        }, 'text/event-stream');
      },
    },
    async stop() {
      stopping = true;
      await watched.stop();
    },
  };
}

function isStream(result: unknown): result is AsyncIterable<ExecutionResult> {
  return typeof result === 'object' && result !== null && Symbol.asyncIterator in result;
}

/** Who asks a stopping server is told as any request that finds no place is, and asks again. */
function refuse(): ExecutionResult {
  const error = new OverloadedError(1);
  return { errors: [new GraphQLError(error.message, { originalError: error })] };
}

/** The subscription as a member of its group, writing to the stream by itself; null when it has to run alone. */
async function joined(
  live: LiveSubscriptions,
  args: ExecutionArgs,
  outlet: EventStream,
  signal: AbortSignal,
): Promise<AsyncIterable<never> | ExecutionResult | null> {
  try {
    const leave = await live.join({ args, outlet });
    return leave === null ? null : endsOnly(leave, signal);
  } catch (error) {
    return { errors: [error as GraphQLError] };
  }
}

/** Carries the results of a subscription that runs alone, one after the other, as far as the stream has room. */
async function carry(results: AsyncIterable<ExecutionResult>, stream: EventStream): Promise<void> {
  const values = results[Symbol.asyncIterator]();
  stream.body.once('close', () => void values.return?.());
  try {
    while (!stream.over) {
      await stream.drained();
      const { done, value } = await values.next();
      if (done) break;
      const { errors } = value;
      const result = errors === undefined ? value : { ...value, errors: errors.map(withoutHttp) };
      stream.write([Buffer.from(JSON.stringify(result))]);
    }
    if (!stream.over) stream.complete();
  } catch (error) {
    // What it could not be told in a result; it has its cursor.
    stream.body.destroy(error as Error);
  }
}
/** Calls `end` once the credential does not hold any more; answers how to stop watching. */
function watch(
  options: LiveStreamsOptions,
  { principal }: GraphQLContext,
  presented: Presented,
  end: () => void,
): () => void {
  const { recheckFirst = 2_000, recheckEvery = 60_000 } = options;
  let timer: NodeJS.Timeout | undefined;
  let expiresAt: string | null = null;

  const next = (within: number): void => {
    const left = expiresAt === null ? within : Date.parse(expiresAt) - Date.parse(options.clock.now());
    // A moment past the expiry, so that the look-up sees it.
    timer = setTimeout(look, Math.max(0, Math.min(within, left + 100))).unref();
  };
  const look = async (): Promise<void> => {
    const credential = await options.authenticator.credential(presented).catch(() => undefined);
    if (timer === undefined) return;
    // Not to be asked now is no reason to end: it is believed until it can be asked.
    if (credential === null || (credential && changed(credential.principal, principal))) return end();
    if (credential) expiresAt = credential.expiresAt;
    next(credential ? recheckEvery : recheckFirst);
  };
  next(recheckFirst);
  const unlisten = options.revocations.listen(principal, end, () => {
    clearTimeout(timer);
    next(doubtLasts);
  });
  return () => {
    clearTimeout(timer);
    timer = undefined;
    unlisten();
  };
}

function changed(now: GraphQLContext['principal'], before: GraphQLContext['principal']): boolean {
  return JSON.stringify(now) !== JSON.stringify(before);
}
