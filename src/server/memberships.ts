import { LRUCache } from 'lru-cache';
import type { Database } from '../store/database.ts';
import { type MembershipRow, membershipsOf } from '../store/read/memberships.ts';

/** How long memberships are believed without asking again, in milliseconds. */
const believedFor = 1_000;

/** The organizations of a person, by slug. */
export type Memberships = (userId: string) => Promise<readonly MembershipRow[]>;

/** Reads memberships, and remembers them for a second. */
export function rememberMemberships(database: Pick<Database, 'asPlatform'>): Memberships {
  const known = new LRUCache<string, { found: Promise<MembershipRow[]> }>({ max: 10_000, ttl: believedFor });
  return (userId) => {
    let entry = known.get(userId);
    if (entry === undefined) {
      entry = { found: membershipsOf(database, userId) };
      known.set(userId, entry);
      entry.found.catch(() => known.delete(userId));
    }
    return entry.found;
  };
}
