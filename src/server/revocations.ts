import type { GraphQLContext } from '../graphql/context.ts';

/** Told, of one organization, the id of every API key that is revoked from the moment it began to listen. */
export type OnRevoked = (credentialId: string) => void;

/** Follows the administration ledgers of the organizations that someone is connected from. */
export interface Revocations {
  /** Calls back for every key of the organization that is revoked from now on; answers how to stop. */
  listen(organizationId: string, onRevoked: OnRevoked): () => void;
}

/** Milliseconds before a ledger that could not be followed is followed again, from where it was. */
const retryAfter = 500;

interface Listened {
  readonly listeners: Set<OnRevoked>;
  readonly ending: AbortController;
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
          if (entry.ledger !== 'ADMINISTRATION' || entry.event.type !== 'API_KEY_REVOKED') continue;
          for (const listener of [...listeners]) listener(entry.event.payload.apiKeyId);
        }
      } catch (error) {
        onError(error);
      }
      if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, retryAfter));
    }
  };

  return {
    listen(organizationId, onRevoked) {
      let listened = organizations.get(organizationId);
      if (listened === undefined) {
        listened = { listeners: new Set(), ending: new AbortController() };
        organizations.set(organizationId, listened);
        void walk(organizationId, listened);
      }
      const { listeners, ending } = listened;
      listeners.add(onRevoked);
      return () => {
        listeners.delete(onRevoked);
        if (listeners.size > 0 || organizations.get(organizationId)?.listeners !== listeners) return;
        organizations.delete(organizationId);
        ending.abort();
      };
    },
  };
}
