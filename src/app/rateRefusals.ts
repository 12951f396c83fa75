import type { Principal } from '../domain/access/principal.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import { countRateLimited, type RateLimitedKey } from '../store/read/credential.ts';

/** Counts on API keys what was refused because more came than their rate lets in. */
export interface RateRefusals {
  /** One more, of this key. */
  note(principal: Principal): void;
  /** Writes what is not written yet. Never rejects. */
  stop(): Promise<void>;
}

/** Milliseconds between two writes about keys of one organization. */
const writtenEvery = 60_000;

/** Keys that wait to be written, of all organizations; of more nothing is counted until those are written. */
const waitingAtMost = 10_000;

/** What is not written yet of an organization's keys, by their id, and what will write it. */
interface Waiting {
  readonly keys: Map<string, RateLimitedKey>;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Writes the first refusal of an organization's keys at once and then what has come together, once in `every`
 * milliseconds: one statement, however many are refused. What could not be written is written the next time. Keeps no
 * process up.
 */
export function createRateRefusals(options: {
  readonly database: Database;
  readonly clock: Clock;
  /** A minute; for tests. */
  readonly every?: number;
}): RateRefusals {
  const { database, clock, every = writtenEvery } = options;
  const organizations = new Map<string, Waiting>();
  const writes = new Set<Promise<void>>();
  let waiting = 0;

  const add = ({ keys }: Waiting, { apiKeyId, count, at }: RateLimitedKey): void => {
    const known = keys.get(apiKeyId);
    if (known === undefined && waiting >= waitingAtMost) return;
    if (known === undefined) waiting += 1;
    keys.set(apiKeyId, { apiKeyId, count: count + (known?.count ?? 0), at: later(at, known?.at) });
  };
  const write = (organizationId: string, own: Waiting): void => {
    const keys = [...own.keys.values()];
    own.keys.clear();
    waiting -= keys.length;
    const written = countRateLimited(database, organizationId, keys)
      .catch(() => {
        for (const key of keys) add(own, key);
      })
      .finally(() => writes.delete(written));
    writes.add(written);
  };
  const writeLater = (organizationId: string, own: Waiting): void => {
    own.timer = setTimeout(() => {
      if (own.keys.size === 0) return organizations.delete(organizationId);
      write(organizationId, own);
      return writeLater(organizationId, own);
    }, every).unref();
  };
  return {
    note({ organizationId, credentialId }) {
      const known = organizations.get(organizationId);
      const own = known ?? { keys: new Map(), timer: undefined };
      add(own, { apiKeyId: credentialId, count: 1, at: clock.now() });
      if (known !== undefined) return;
      organizations.set(organizationId, own);
      write(organizationId, own);
      writeLater(organizationId, own);
    },
    async stop() {
      for (const [organizationId, own] of organizations) {
        clearTimeout(own.timer);
        if (own.keys.size > 0) write(organizationId, own);
      }
      organizations.clear();
      await Promise.all(writes);
    },
  };
}

function later(one: string, other: string | undefined): string {
  return other !== undefined && other > one ? other : one;
}
