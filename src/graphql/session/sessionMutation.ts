import { keyReused } from '../../app/decideBatch.ts';
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

/** The result of a mutation that ends sessions: how many, and what is left. */
export function sessionResult(mutation: 'revokeSession' | 'revokeOtherSessions') {
  const payload = builder.objectRef<EndedSessions>(`${typeStem(mutation)}Payload`).implement({
    description: `What \`${mutation}\` did.`,
    fields: (t) => ({
      revoked: t.exposeInt('ended', {
        description:
          'How many sessions it ended; 0 when there was none. On a repeat of an idempotency key, as it was then.',
      }),
      sessions: t.field({
        type: [Session],
        description: 'Your sessions that go on now, the latest used first.',
        resolve: (_done, _args, context) => ownSessions(context),
      }),
    }),
  });
  return resultType(mutation, payload, organizationErrors);
}

/**
 * Ends sessions of the person who asks: all but one, or one. Refused for a key, and for an idempotency key that cannot be
 * one or was used for something else.
 */
export async function endOwn(
  context: GraphQLContext,
  mutation: 'revokeSession' | 'revokeOtherSessions',
  asked: {
    readonly input: object;
    readonly key: string | null | undefined;
    readonly which: { readonly only: string } | { readonly but: string };
  },
): Promise<EndedSessions | Refusal> {
  const { principal, sessions } = context;
  const { actor, scopes } = principal;
  const refusal = authorize(mutation, { ...actor, scopes });
  if (refusal !== null) return refusal;
  const { which } = asked;
  const userId = actor.id ?? '';
  const request = idempotentRequest(principal, mutation, asked.key, asked.input);
  if (request === null) {
    const ended =
      'only' in which
        ? await sessions.endSession(userId, which.only)
        : await sessions.endOtherSessions(userId, which.but);
    return { kind: 'done', ended: ended.length };
  }
  if ('kind' in request) return request;
  const ended = await sessions.endSessionsOnce(userId, which, request);
  return ended === null ? keyReused : { kind: 'done', ended };
}
