import type { IncomingMessage, ServerResponse } from 'node:http';
import { type DocumentNode, type ExecutionResult, GraphQLError, getOperationAST } from 'graphql';
import { nestsDeeper } from '../domain/nestsDeeper.ts';
import { admitOperation } from './admitOperation.ts';
import type { Credential } from './authenticate.ts';
import { createDocuments } from './documents.ts';
import type { OriginOf } from './requestOrigin.ts';
import type { SocketEnvelope } from './socketOperations.ts';
import { bodyLimit } from './yoga.ts';

/** What answers the plain case by itself. */
export interface DirectPostOptions {
  /** A fresh envelope of the Yoga that serves everything else: the same limits, context, execution and masking. */
  envelope(context: object): SocketEnvelope;
  /** The credential of a request; null when there is none that holds. */
  credentialOf(request: IncomingMessage): Promise<Credential | null>;
  readonly originOf: OriginOf;
  requestIdOf(header: string | undefined): string;
  /** What a client may see of a result. */
  mask(result: ExecutionResult, requestId: string): ExecutionResult;
}

/** The parameters of a well-formed request. */
interface Parameters {
  readonly query: string;
  readonly operationName: string | null;
  readonly variables: Record<string, unknown>;
}

function isPlain(request: IncomingMessage): boolean {
  if (request.method !== 'POST' || request.url !== '/graphql') return false;
  const { accept, 'content-type': type, 'content-encoding': encoding } = request.headers;
  if (type !== 'application/json' && type !== 'application/json; charset=utf-8') return false;
  if (encoding !== undefined || Number(request.headers['content-length'] ?? Number.NaN) > bodyLimit)
    return false;
  return accept === undefined || accept === '*/*' || accept === 'application/json';
}

/** The whole body as text; null when it is longer than the limit (what was read of it is gone, as is the connection). */
function read(request: IncomingMessage): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= bodyLimit) chunks.push(chunk);
    });
    request.once('end', () => resolve(length > bodyLimit ? null : Buffer.concat(chunks).toString('utf8')));
    request.once('error', reject);
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The parameters, or null when Yoga should say what is wrong with them. */
function parametersOf(body: string): Parameters | null {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return null;
  }
  if (
    !isObject(json) ||
    Object.keys(json).some((key) => !['query', 'variables', 'operationName'].includes(key))
  )
    return null;
  const { query, variables = null, operationName = null } = json;
  if (typeof query !== 'string' || (variables !== null && !isObject(variables))) return null;
  if (operationName !== null && typeof operationName !== 'string') return null;
  if (nestsDeeper(variables)) return null;
  return { query, operationName, variables: variables ?? {} };
}

interface HttpExtension {
  readonly status?: number;
  readonly headers?: Record<string, string>;
}

/** The answer as HTTP: what an error says in HTTP's words becomes status and headers and leaves the body. */
function send(response: ServerResponse, result: ExecutionResult): void {
  let status = 200;
  let headers: Record<string, string> = {};
  const errors = result.errors?.map((error) => {
    const { http, ...extensions } = error.extensions as { http?: HttpExtension };
    if (http === undefined) return error.toJSON();
    status = http.status ?? status;
    headers = { ...headers, ...http.headers };
    return { ...error.toJSON(), extensions };
  });
  const body = JSON.stringify(errors === undefined ? result : { ...result, errors });
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** Remembers documents as parsed and valid; answers null for one that Yoga has to refuse, or to stream. */
class ValidDocuments {
  readonly #valid = createDocuments();

  runnable(envelope: SocketEnvelope, { query, operationName }: Parameters): DocumentNode | null {
    const document = this.#valid.get(query) ?? this.#admit(envelope, query);
    if (document === null) return null;
    const operation = getOperationAST(document, operationName)?.operation;
    return operation === 'query' || operation === 'mutation' ? document : null;
  }

  #admit(envelope: SocketEnvelope, query: string): DocumentNode | null {
    const admission = admitOperation(envelope, query);
    if ('errors' in admission) return null;
    this.#valid.set(query, admission.document);
    return admission.document;
  }
}

function refuseLength(response: ServerResponse): void {
  const message = `The body is longer than ${bodyLimit} bytes.`;
  response.writeHead(413, { 'content-type': 'application/json; charset=utf-8', connection: 'close' });
  response.end(JSON.stringify({ errors: [{ message, extensions: { code: 'BAD_USER_INPUT' } }] }));
}

/**
 * Answers the plain case without the detour through fetch's Request and Response objects, which cost more than most
 * operations: a POST of JSON, well formed, with a valid credential and a document that is valid. Everything else,
 * refusals included, is left to Yoga, with the body read so far attached as Yoga expects it. `npm run bench -- write`
 * measures what it is worth.
 *
 * Answers false when Yoga has to answer.
 */
export function createDirectPost(options: DirectPostOptions) {
  const documents = new ValidDocuments();

  /** The result of a plain request, or null when it is not one. */
  const resultOf = async (
    request: IncomingMessage,
    parameters: Parameters,
    requestId: string,
  ): Promise<ExecutionResult | null> => {
    const credential = await options.credentialOf(request);
    if (credential === null) return null;
    const envelope = options.envelope({ credential, requestId, request, origin: options.originOf(request) });
    const document = documents.runnable(envelope, parameters);
    if (document === null) return null;
    const result = await envelope.execute({
      schema: envelope.schema as never,
      document,
      operationName: parameters.operationName,
      variableValues: parameters.variables,
      contextValue: await envelope.contextFactory(),
    });
    return result as ExecutionResult;
  };

  /** The same, where what breaks before anything is executed (nobody can be authenticated now) is an answer, too. */
  const answer = async (request: IncomingMessage, body: string): Promise<ExecutionResult | null> => {
    const parameters = parametersOf(body);
    if (parameters === null) return null;
    const requestId = options.requestIdOf(request.headers['x-request-id'] as string | undefined);
    try {
      return await resultOf(request, parameters, requestId);
    } catch (error) {
      const originalError = error instanceof Error ? error : new Error(String(error));
      return options.mask(
        { errors: [new GraphQLError(originalError.message, { originalError })] },
        requestId,
      );
    }
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    if (!isPlain(request)) return false;
    const body = await read(request);
    if (body === null) {
      refuseLength(response);
      return true;
    }
    const result = await answer(request, body);
    if (result === null) {
      // Where Yoga's Node adapter looks for a body that was read already.
      Object.assign(request, { body });
      return false;
    }
    send(response, result);
    return true;
  };
}
