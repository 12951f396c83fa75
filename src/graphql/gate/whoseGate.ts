import { authorize, type OperationName } from '../../domain/access/permissions.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { badUserInput } from '../badUserInput.ts';
import type { GraphQLContext } from '../context.ts';
import { idOf } from '../globalId.ts';

/**
 * The user whose gate is asked about: oneself, or another for administrators and for a key of scope GATE; null for an
 * id that names no user.
 * @throws GraphQLError FORBIDDEN, or BAD_USER_INPUT when a key does not say whose.
 */
export function whoseGate(
  operation: Extract<OperationName, 'sessionGate' | 'sessionGateChanged'>,
  userId: string | null | undefined,
  context: GraphQLContext,
): string | null {
  const { actor, scopes } = context.principal;
  const asked = userId == null ? null : idOf('User', userId);
  if (userId != null && (actor.kind !== 'USER' || asked !== actor.id)) {
    const opensGate = authorize('gate', { kind: actor.kind, role: actor.role, scopes }) === null;
    if (!opensGate) authorizeRead('sessionGateOfOthers', context);
    return asked;
  }
  authorizeRead(operation, context);
  if (actor.kind !== 'USER') throw badUserInput('A key is no person: say whose gate with userId.');
  return actor.id;
}
