import { GraphQLError } from 'graphql';

/**
 * The answer to a request that is not well formed: a top-level error with `extensions.code` BAD_USER_INPUT. Throw it
 * from a resolver or an id decoder; `message` says which argument and why.
 */
export function badUserInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}
