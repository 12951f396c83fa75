import { LRUCache } from 'lru-cache';
import type { Feed } from '../feed/feed.ts';
import type { RememberedNames } from './rememberedNames.ts';

/** Names of people, keys, services, teams and projects that sentences about events need over and over. */
export interface NameMemory {
  /** Those of one organization. */
  of(organizationId: string): RememberedNames;
}

/** Names kept, of all organizations; each has at most 200 characters. */
const most = 20_000;

/** Milliseconds a name is believed: what a person changes about themselves is in no ledger. */
const minute = 60_000;

interface Kept {
  readonly name: string;
  /** Where the organization's administration ledger stood before anything of the request was read. */
  readonly administration: number;
}

/**
 * Remembers names for as long as nothing happens in the organization's administration ledger, which every socket
 * listens to anyway, and for a minute at most. Where nobody listens, nothing is remembered.
 */
export function createNameMemory(
  feed: Pick<Feed, 'known'>,
  { believedFor = minute }: { readonly believedFor?: number } = {},
): NameMemory {
  const kept = new LRUCache<string, Kept>({ max: most, ttl: believedFor });
  return {
    of: (organizationId) => ({
      get(kind, id) {
        const found = kept.get(`${organizationId} ${kind} ${id}`);
        if (found === undefined) return null;
        return found.administration === feed.known(organizationId, 'ADMINISTRATION') ? found.name : null;
      },
      reading() {
        const administration = feed.known(organizationId, 'ADMINISTRATION');
        return (kind, id, name) => {
          if (administration !== null) kept.set(`${organizationId} ${kind} ${id}`, { name, administration });
        };
      },
    }),
  };
}
