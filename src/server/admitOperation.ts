import { type DocumentNode, GraphQLError, type GraphQLSchema } from 'graphql';

/** The part of `yoga.getEnveloped(…)` that decides whether an operation may run. */
export interface Envelope {
  readonly schema: unknown;
  readonly parse: (source: string) => unknown;
  readonly validate: (schema: GraphQLSchema, document: DocumentNode) => unknown;
}

/** An operation that may run, or why it may not. */
export type Admission = { readonly document: DocumentNode } | { readonly errors: readonly GraphQLError[] };

/** The error without what HTTP alone understands. */
export function withoutHttp(error: GraphQLError): GraphQLError {
  if (error.extensions.http === undefined) return error;
  const { http: _, ...extensions } = error.extensions;
  const { message, nodes, source, positions, path } = error;
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    path: path ?? null,
    extensions,
  });
}

/**
 * Parses and validates an operation that came over a WebSocket, through the same plugins as HTTP. Answers the errors to
 * send instead of throwing: a syntax error must end the operation, not the socket.
 */
export function admitOperation(envelope: Envelope, query: string): Admission {
  try {
    const document = envelope.parse(query) as DocumentNode;
    const errors = envelope.validate(envelope.schema as GraphQLSchema, document) as readonly GraphQLError[];
    return errors.length > 0 ? { errors: errors.map(withoutHttp) } : { document };
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [withoutHttp(error)] };
    throw error;
  }
}
