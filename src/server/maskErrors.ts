import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  getOperationAST,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type ErrorCode, errorCodes } from '../domain/errors.ts';
import type { Log } from '../log.ts';

/** What a failed answer is told about: the log, and where a request id comes from when the context has none. */
export interface Masking {
  readonly log: Pick<Log, 'error'>;
  newRequestId(): string;
  /** Told when an answer says SERVER_OUTDATED: a newer program has written what this one cannot read. */
  onOutdated?(): void;
}

/** Whether the code is one of the registry that a client may see as it is. */
function isExpected(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorCodes, code);
}

/** The error as thrown, under the GraphQLErrors that graphql-js wraps around it on its way up. */
function causeOf(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError && !isExpected(cause.extensions.code)) {
    cause = cause.originalError;
  }
  return cause;
}

/** Errors of rooms this one does not know (app, feed, store) that say their code themselves. */
function saysItself(cause: unknown): cause is Error & { code: ErrorCode; retryAfterSeconds?: number } {
  if (!(cause instanceof Error) || !('code' in cause)) return false;
  return ['CURSOR_BEYOND_HEAD', 'SERVER_OUTDATED', 'OVERLOADED', 'RATE_LIMITED'].includes(
    cause.code as string,
  );
}

/** PostgreSQL's "invalid byte sequence": text with U+0000, which no column can hold and no filter can find. */
function isUnstorableText(cause: unknown): boolean {
  const codes = [cause, (cause as { cause?: unknown } | null)?.cause].map(
    (error) => (error as { code?: unknown; originalCode?: unknown } | null | undefined) ?? {},
  );
  return codes.some(({ code, originalCode }) => code === '22021' || originalCode === '22021');
}

/** Code and extras of an error that clients are meant to see; null for one they are not. */
function shown(cause: unknown): { message: string; extensions: Record<string, unknown> } | null {
  if (saysItself(cause)) {
    const { code, message, retryAfterSeconds } = cause;
    return { message, extensions: { code, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) } };
  }
  if (isUnstorableText(cause)) {
    return { message: 'Text may not contain U+0000.', extensions: { code: 'BAD_USER_INPUT' } };
  }
  if (cause instanceof GraphQLError && isExpected(cause.extensions.code)) {
    return { message: cause.message, extensions: { ...cause.extensions } };
  }
  return null;
}

/** Whether graphql-js refused the request before any field ran: no path, and nothing thrown underneath but a scalar's. */
function isRequestRefusal(error: unknown): error is GraphQLError {
  if (!(error instanceof GraphQLError) || error.path !== undefined) return false;
  return error.nodes !== undefined || !error.originalError;
}

/**
 * One error of an executed operation as its client may see it: expected ones with their code, anything else as
 * INTERNAL with the request id, after `report` was told of the original. `done`: it was thrown while the payload of a
 * mutation was read, so that OVERLOADED, which promises that nothing was done, would be a lie.
 */
export function maskError(
  error: unknown,
  requestId: string,
  report: (error: unknown) => void,
  done = false,
): GraphQLError {
  const at = error instanceof GraphQLError ? { path: error.path ?? null, nodes: error.nodes ?? null } : {};
  const cause = causeOf(error);
  const expected = shown(cause);
  if (expected !== null && !(done && expected.extensions.code === 'OVERLOADED'))
    return new GraphQLError(expected.message, { ...at, extensions: expected.extensions });
  // Variables that do not fit are refused before any field runs, so without a path: the client's to correct.
  if (isRequestRefusal(error)) {
    return new GraphQLError(error.message, {
      ...at,
      extensions: { ...error.extensions, code: 'BAD_USER_INPUT' },
    });
  }
  report(cause);
  return new GraphQLError('Something unexpected went wrong. Quote the request id when you report it.', {
    ...at,
    extensions: { code: 'INTERNAL', requestId },
  });
}

/**
 * A result with every error masked; the same result when it has none. Whatever executes an operation itself (a group of
 * identical subscriptions) passes its results through here.
 */
export function maskResult(
  result: ExecutionResult,
  requestId: string,
  masking: Masking,
  mutates = false,
): ExecutionResult {
  if (result.errors === undefined || result.errors.length === 0) return result;
  const report = (cause: unknown) =>
    masking.log.error({ requestId, err: cause }, 'A field failed unexpectedly.');
  const errors = result.errors.map((error) =>
    maskError(error, requestId, report, mutates && (error.path?.length ?? 0) > 1),
  );
  if (errors.some((error) => error.extensions.code === 'SERVER_OUTDATED')) masking.onOutdated?.();
  return { ...result, errors };
}

function rootFields(document: DocumentNode, set: SelectionSetNode): number {
  let count = 0;
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) count += 1;
    else if (selection.kind === Kind.INLINE_FRAGMENT) count += rootFields(document, selection.selectionSet);
    else {
      const fragment = document.definitions.find(
        (definition) =>
          definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
      );
      if (fragment?.kind === Kind.FRAGMENT_DEFINITION) count += rootFields(document, fragment.selectionSet);
    }
  }
  return count;
}

/** Over HTTP, an overload that is the whole answer is also said in HTTP's own words: 503 with Retry-After. */
function withRetryAfter(
  result: ExecutionResult,
  document: DocumentNode,
  operationName: string | null | undefined,
): ExecutionResult {
  const overloaded = result.errors?.find((error) => error.extensions.code === 'OVERLOADED');
  const operation = getOperationAST(document, operationName);
  if (!overloaded || !operation || rootFields(document, operation.selectionSet) !== 1) return result;
  const headers = { 'Retry-After': String(overloaded.extensions.retryAfterSeconds) };
  return {
    ...result,
    errors: result.errors?.map((error) =>
      error === overloaded
        ? new GraphQLError(error.message, {
            path: error.path ?? null,
            nodes: error.nodes ?? null,
            extensions: { ...error.extensions, http: { status: 503, headers } },
          })
        : error,
    ),
  } as ExecutionResult;
}

function isStream(result: unknown): result is AsyncIterable<ExecutionResult> {
  return typeof result === 'object' && result !== null && Symbol.asyncIterator in result;
}

interface Executed {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly contextValue?: unknown;
}

interface Transport {
  readonly requestId?: unknown;
  /** Present over HTTP only; the status and headers of an answer mean nothing elsewhere. */
  readonly request?: unknown;
}

/** Yoga's own refusals (no JSON, no query, too large, a batch) are the client's to correct; they say so with a 4xx. */
function isRequestError(error: GraphQLError): boolean {
  const status = (error.extensions.http as { status?: number } | undefined)?.status ?? 0;
  return status >= 400 && status < 500;
}

/**
 * The errors of an answer that never came to execution, with codes of the registry: what Yoga refused keeps its message
 * and status; what broke on the way is masked.
 */
function outermost(result: ExecutionResult, requestId: string, masking: Masking): ExecutionResult {
  if (!result.errors?.some((error) => !isExpected(error.extensions?.code))) return result;
  const errors = result.errors.map((error) => {
    if (isExpected(error.extensions?.code)) return error;
    if (!isRequestError(error)) {
      return maskError(error, requestId, (cause) =>
        masking.log.error({ requestId, err: cause }, 'A request failed unexpectedly.'),
      );
    }
    const { originalError, ...rest } = error.extensions;
    // The parser's own words repeat what was sent, however long; that there were some decides Yoga's status.
    const extensions = originalError ? { ...rest, originalError: { name: 'SyntaxError' } } : rest;
    return new GraphQLError(error.message, { extensions: { ...extensions, code: 'BAD_USER_INPUT' } });
  });
  return { ...result, errors };
}

/**
 * Masks whatever fails unexpectedly, over HTTP, SSE and WebSocket alike: a generic message, `extensions.code` INTERNAL
 * and the request id that the log line carries.
 */
export function maskErrors(masking: Masking): Plugin {
  const transportOf = (context: unknown): Transport => (context ?? {}) as Transport;
  const idOf = ({ requestId }: Transport): string =>
    typeof requestId === 'string' ? requestId : masking.newRequestId();
  const answer = (result: ExecutionResult, executed: Executed): ExecutionResult => {
    const transport = transportOf(executed.contextValue);
    const operation = getOperationAST(executed.document, executed.operationName)?.operation;
    const masked = maskResult(result, idOf(transport), masking, operation === 'mutation');
    return transport.request === undefined || masked === result
      ? masked
      : withRetryAfter(masked, executed.document, executed.operationName);
  };
  const report = (error: unknown, requestId: string): GraphQLError =>
    maskError(error, requestId, (cause) =>
      masking.log.error({ requestId, err: cause }, 'An operation failed unexpectedly.'),
    );
  return {
    onPluginInit({ registerContextErrorHandler }) {
      registerContextErrorHandler(({ context, error, setError }) => {
        setError(report(error, idOf(transportOf(context))));
      });
    },
    onResultProcess({ result, setResult, serverContext }) {
      if (isStream(result) || Array.isArray(result)) return;
      setResult(outermost(result as ExecutionResult, idOf(transportOf(serverContext)), masking));
    },
    onExecute({ args }) {
      return {
        onExecuteDone({ result, setResult }) {
          if (!isStream(result)) setResult(answer(result as ExecutionResult, args));
        },
      };
    },
    onSubscribe({ args }) {
      return {
        onSubscribeResult({ result, setResult }) {
          if (!isStream(result)) {
            setResult(answer(result as ExecutionResult, args));
            return;
          }
          return {
            onNext({ result: next, setResult: setNext }) {
              setNext(answer(next as ExecutionResult, args));
            },
          };
        },
        onSubscribeError({ error, setError }) {
          setError(report(error, idOf(transportOf(args.contextValue))));
        },
      };
    },
  };
}
