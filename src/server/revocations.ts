import type { Principal } from '../domain/access/principal.ts';
import type { AdministrationEvent } from '../domain/administration/events.ts';
import type { GraphQLContext } from '../graphql/context.ts';

/** Told, at most once, that a principal may no longer do what it is connected to do, and why: a few words. */
export type OnRevoked = (reason: string) => void;

/**
 * Milliseconds after a doubt until the credential is looked at again: longer than anybody who tells who a credential
 * belongs to believes what they knew.
 */
export const doubtLasts = 1_100;

/** Notices when a credential stops holding while somebody is connected with it. */
export interface Revocations {
  /**
   * Calls back when this principal is revoked from now on; answers how to stop. `onDoubt`: it may be, or end sooner than
   * it did, depending on what was presented, so that should be looked at again in a moment.
   */
  listen(principal: Principal, onRevoked: OnRevoked, onDoubt?: () => void): () => void;
}

/** Told of every event of an organization's administration ledger. */
type Listener = (event: AdministrationEvent) => void;

/** Milliseconds before a ledger that could not be followed is followed again, from where it was. */
const retryAfter = 500;

interface Listened {
  readonly listeners: Set<Listener>;
  readonly ending: AbortController;
}

/** Why this event ends what the principal is connected for; null when it does not. */
function reasonFor(event: AdministrationEvent, { actor, credentialId }: Principal): string | null {
  const isOf = (userId: string): boolean => actor.kind === 'USER' && actor.id === userId;
  switch (event.type) {
    case 'API_KEY_REVOKED':
      return event.payload.apiKeyId === credentialId ? 'The API key was revoked' : null;
    case 'MEMBER_REMOVED':
      return isOf(event.payload.userId) ? 'You are a member no longer' : null;
    case 'MEMBER_ROLE_CHANGED':
      return isOf(event.payload.userId) ? 'Your role was changed: connect again' : null;
    default:
      return null;
  }
}

/** One walk along an organization's administration ledger serves all of its sockets and streams. */
export function createRevocations(
  feed: GraphQLContext['feed'],
  onError: (error: unknown) => void,
): Revocations {
  const organizations = new Map<string, Listened>();

  const walk = async (organizationId: string, { listeners, ending }: Listened): Promise<void> => {
    const { signal } = ending;
    let after: number | null = null;
    while (!signal.aborted) {
      try {
        after ??= await feed.head(organizationId, 'ADMINISTRATION');
        for await (const { entry } of feed.follow({
          organizationId,
          ledger: 'ADMINISTRATION',
          after,
          signal,
        })) {
          after = entry.sequence;
          if (entry.ledger !== 'ADMINISTRATION') continue;
          for (const listener of [...listeners]) listener(entry.event);
        }
      } catch (error) {
        onError(error);
      }
      if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, retryAfter));
    }
  };

  return {
    listen(principal, onRevoked, onDoubt) {
      // Who acts nowhere has nothing there that could be taken away.
      if (principal.actor.role === null) return () => {};
      const { organizationId } = principal;
      const listener: Listener = (event) => {
        const reason = reasonFor(event, principal);
        if (reason !== null) onRevoked(reason);
        // Which of its two secrets was presented is not known here.
        if (event.type === 'API_KEY_ROTATED' && event.payload.apiKeyId === principal.credentialId)
          onDoubt?.();
      };
      let listened = organizations.get(organizationId);
      if (listened === undefined) {
        listened = { listeners: new Set(), ending: new AbortController() };
        organizations.set(organizationId, listened);
        void walk(organizationId, listened);
      }
      const { listeners, ending } = listened;
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0 || organizations.get(organizationId)?.listeners !== listeners) return;
        organizations.delete(organizationId);
        ending.abort();
      };
    },
  };
}
