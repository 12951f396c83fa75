import { authorize } from '../../domain/access/permissions.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { refuseNotFound } from '../../domain/refuse.ts';
import type { GraphQLContext } from '../context.ts';
import { idOf } from '../globalId.ts';
import { idempotentRequest } from '../mutation/idempotency.ts';
import { absentId } from '../mutation/incidentMutation.ts';

/** What a key's description says where a repeat does nothing by itself. */
export const needlessKeyDescription =
  'Not needed: a repeat does nothing more. Taken here as everywhere, 1–128 characters.';

/** Does something about one dead letter; `act` answers null when there is none of this id. */
export async function withDeadLetter<T>(
  context: GraphQLContext,
  mutation: 'replayDeadLetter' | 'discardDeadLetter',
  input: { readonly id: string | number; readonly idempotencyKey?: string | null | undefined },
  act: (id: string) => Promise<T | null>,
): Promise<T | Refusal> {
  const { actor, scopes } = context.principal;
  const refusal = authorize(mutation, { ...actor, scopes });
  if (refusal !== null) return refusal;
  const request = idempotentRequest(context.principal, mutation, input.idempotencyKey, {});
  if (request !== null && 'kind' in request) return request;
  const done = await act(idOf('DeadLetter', String(input.id)) ?? absentId);
  return done ?? refuseNotFound('There is no such dead letter in your organization.').refusal;
}
