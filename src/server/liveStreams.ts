import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import type { GraphQLContext } from '../graphql/context.ts';
import type { Clock } from '../store/clock.ts';
import type { Credential } from './authenticate.ts';
import { type Presented, presentedBy } from './presented.ts';
import type { Revocations } from './revocations.ts';
import { watchStreams } from './streamWatch.ts';

/** What ends a stream before its client does. */
export interface LiveStreamsOptions {
  readonly revocations: Revocations;
  readonly clock: Clock;
  /** The credential behind what was presented, as it is now. */
  credential(presented: Presented): Promise<Credential | null>;
  /** Milliseconds until the credential is looked up again, and between later looks. Default 2,000 and 60,000. */
  readonly recheckFirst?: number;
  readonly recheckEvery?: number;
  /** Milliseconds a stream may be full without its client taking anything. Default 10,000. */
  readonly stuckAfter?: number;
}

/** Subscriptions over HTTP. */
export interface LiveStreams {
  /** For Yoga. */
  readonly plugin: Plugin;
  /** Cuts off every stream, so that a stopping server need not wait for them. */
  stop(): void;
}

/** The context of a subscription that came over HTTP. */
interface StreamContext extends GraphQLContext {
  readonly request?: Request;
  /** Yoga's Node adapter puts them there. */
  readonly req?: IncomingMessage;
  readonly res?: ServerResponse;
}

/**
 * Ends a subscription over HTTP (SSE) when its client is gone or reads nothing, or its credential is revoked or
 * has expired. A client that comes back is answered 401. Over WebSocket the socket itself is closed instead.
 */
export function createLiveStreams(options: LiveStreamsOptions): LiveStreams {
  const streams = watchStreams(options.stuckAfter ?? 10_000);
  return {
    plugin: {
      onSubscribe({ args, extendContext }) {
        const context = args.contextValue as object as StreamContext;
        const { request, req, res } = context;
        if (request === undefined || req === undefined) return;
        const ending = new AbortController();
        const end = (): void => ending.abort();
        const stop = watch(options, context, presentedBy(req), end);
        request.signal.addEventListener('abort', end, { once: true });
        ending.signal.addEventListener('abort', stop, { once: true });
        if (request.signal.aborted) end();
        extendContext({ signal: ending.signal } as never);
        return {
          onSubscribeError: end,
          onSubscribeResult({ result }) {
            const live = typeof result === 'object' && result !== null && Symbol.asyncIterator in result;
            if (!live) {
              end();
              return undefined;
            }
            if (res !== undefined) streams.add(res);
            return { onEnd: end };
          },
        };
      },
    },
    stop: streams.stop,
  };
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
    const credential = await options.credential(presented).catch(() => undefined);
    if (timer === undefined) return;
    // Not to be asked now is no reason to end: it is believed until it can be asked.
    if (credential === null || (credential && changed(credential.principal, principal))) return end();
    if (credential) expiresAt = credential.expiresAt;
    next(credential ? recheckEvery : recheckFirst);
  };
  next(recheckFirst);
  const unlisten = options.revocations.listen(principal, end);
  return () => {
    clearTimeout(timer);
    timer = undefined;
    unlisten();
  };
}

function changed(now: GraphQLContext['principal'], before: GraphQLContext['principal']): boolean {
  return JSON.stringify(now) !== JSON.stringify(before);
}
