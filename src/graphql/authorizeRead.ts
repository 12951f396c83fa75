import { GraphQLError } from 'graphql';
import { authorize, type OperationName } from '../domain/access/permissions.ts';
import type { GraphQLContext } from './context.ts';

/**
 * Lets a read through when role and scopes allow it.
 * @throws GraphQLError FORBIDDEN, whose extensions name the role or scope that could.
 */
export function authorizeRead(operation: OperationName, { principal }: GraphQLContext): void {
  const { actor, scopes } = principal;
  const refusal = authorize(operation, { kind: actor.kind, role: actor.role, scopes });
  if (refusal?.kind !== 'ForbiddenError') return;
  const { code, message, requiredRole, requiredScope } = refusal;
  throw new GraphQLError(message, { extensions: { code, requiredRole, requiredScope } });
}
