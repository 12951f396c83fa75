import { LRUCache } from 'lru-cache';
import { platform } from '../domain/administration/platform.ts';
import type { Database } from '../store/database.ts';
import {
  type OrganizationOfSlug,
  organizationOfSlug,
  type Standing,
  standingOf,
} from '../store/read/standing.ts';

/** How long what was read is believed without asking again, in milliseconds. */
const believedFor = 1_000;

/** Where people may act. */
export interface Standings {
  of(userId: string): Promise<Standing>;
  /**
   * Where a SUPERADMIN acts without a membership: the organization they ask for, or, with no membership anywhere and
   * nothing asked for, the platform's own. Null when they act as a member, are no superadmin, or there is none.
   */
  asSuperadmin(standing: Standing, asked: string | null): Promise<OrganizationOfSlug | null>;
}

/** Reads where people may act, and remembers it for a second. */
export function createStandings(database: Pick<Database, 'asPlatform'>): Standings {
  const people = remember((userId) => standingOf(database, userId));
  const organizations = remember((slug) => organizationOfSlug(database, slug));
  return {
    of: people,
    async asSuperadmin({ memberships, superadmin }, asked) {
      const slug = asked ?? (memberships.length === 0 ? platform.slug : null);
      if (!superadmin || slug === null || memberships.some((one) => one.slug === slug)) return null;
      return organizations(slug);
    },
  };
}

function remember<V extends object | null>(read: (key: string) => Promise<V>): (key: string) => Promise<V> {
  const known = new LRUCache<string, { found: Promise<V> }>({ max: 10_000, ttl: believedFor });
  return (key) => {
    let entry = known.get(key);
    if (entry === undefined) {
      entry = { found: read(key) };
      known.set(key, entry);
      // A failed look-up must not be remembered as an answer.
      entry.found.catch(() => known.delete(key));
    }
    return entry.found;
  };
}
