import { authorize } from '../../domain/access/permissions.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { idempotentRequest } from '../mutation/idempotency.ts';
import { type Done, organizationErrors, resultType, typeStem } from '../mutation/result.ts';
import { ownSessions } from './ownSessions.ts';
import { Session } from './session.ts';

/** What a mutation that ends sessions answers when it was accepted. */
export interface EndedSessions extends Done {
  readonly ended: number;
}

/** What the key's description says where a repeat does nothing by itself. */
export const needlessKeyDescription =
  'Not needed: a repeat ends nothing more. Taken here as everywhere, 1–128 characters.';

/** The result of a mutation that ends sessions: how many, and what is left. */
export function sessionResult(mutation: 'revokeSession' | 'revokeOtherSessions') {
  const payload = builder.objectRef<EndedSessions>(`${typeStem(mutation)}Payload`).implement({
    description: `What \`${mutation}\` did.`,
    fields: (t) => ({
      revoked: t.exposeInt('ended', { description: 'How many sessions it ended; 0 when there was none.' }),
      sessions: t.field({
        type: [Session],
        description: 'Your sessions that go on, the latest used first.',
        resolve: (_done, _args, context) => ownSessions(context),
      }),
    }),
  });
  return resultType(mutation, payload, organizationErrors);
}

/** Ends sessions of the person who asks; refused for a key, and for an idempotency key that cannot be one. */
export async function endOwn(
  context: GraphQLContext,
  mutation: 'revokeSession' | 'revokeOtherSessions',
  key: string | null | undefined,
  end: (userId: string) => Promise<readonly string[]>,
): Promise<EndedSessions | Refusal> {
  const { actor, scopes } = context.principal;
  const refusal = authorize(mutation, { ...actor, scopes });
  if (refusal !== null) return refusal;
  const request = idempotentRequest(context.principal, mutation, key, {});
  if (request !== null && 'kind' in request) return request;
  return { kind: 'done', ended: (await end(actor.id ?? '')).length };
}
