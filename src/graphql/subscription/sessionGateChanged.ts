import { GraphQLError } from 'graphql';
import type { WatchedSource } from '../../feed/source.ts';
import type { GateStanding } from '../../store/read/sessionGate.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { SessionGate } from '../gate/sessionGateType.ts';
import { whoseGate } from '../gate/whoseGate.ts';
import { live } from './live.ts';

interface Arguments {
  readonly userId?: string | null | undefined;
}

type Source = WatchedSource<GateStanding | null>;

/**
 * The gate of whoever asks, or of another they may ask about. One's own role is the credential's, which ends with it;
 * another's is looked up.
 * @throws GraphQLError FORBIDDEN, BAD_USER_INPUT or NOT_FOUND, before the stream begins.
 */
async function changesOf({ userId }: Arguments, context: GraphQLContext): Promise<Source> {
  const { gates, principal } = context;
  const { organizationId, actor } = principal;
  const id = whoseGate('sessionGateChanged', userId, context);
  const own = id !== null && id === actor.id && actor.role !== null ? { userId: id, role: actor.role } : null;
  const current = async (): Promise<GateStanding | null> => {
    if (own !== null) return gates.standing(organizationId, own);
    return id === null ? null : ((await gates.ask(organizationId, id))?.standing ?? null);
  };
  if ((await current()) === null) {
    throw new GraphQLError('There is no such member in your organization.', {
      extensions: { code: 'NOT_FOUND' },
    });
  }
  return {
    mode: 'watched',
    listen: (listener) => gates.listen(organizationId, listener),
    current,
    isSame: (a, b) =>
      (a === null) === (b === null) &&
      a?.blocking?.incidentId === b?.blocking?.incidentId &&
      a?.blocking?.blockedAt === b?.blocking?.blockedAt,
  };
}

builder.subscriptionField('sessionGateChanged', (t) =>
  t.field({
    type: SessionGate,
    nullable: true,
    description:
      'How the session gate stands with a member: now, at once, then whenever it is another. Yourself, or anybody for administrators and keys of scope GATE. Null once they are no member any more.',
    args: { userId: t.arg.id({ description: 'Whom; yourself when absent.' }) },
    ...live<Arguments, Source>(changesOf, { personal: true }),
    resolve: (standing) => standing,
  }),
);
