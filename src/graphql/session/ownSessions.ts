import type { GraphQLContext } from '../context.ts';
import type { OwnSession } from './session.ts';

/** The sessions of whoever asks, the latest used first; none for a key. At most 50. */
export async function ownSessions({ principal, sessions }: GraphQLContext): Promise<OwnSession[]> {
  const { actor, credentialId } = principal;
  if (actor.kind !== 'USER' || actor.id === null) return [];
  const own = await sessions.sessions(actor.id);
  return own.map((session) => ({ session, isCurrent: session.id === credentialId }));
}
