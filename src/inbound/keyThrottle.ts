import { LRUCache } from 'lru-cache';
import type { Principal } from '../domain/access/principal.ts';

/** Keys remembered at once. One that is forgotten had not sent for long, or may send anew: nothing is refused by it. */
const remembered = 10_000;

/**
 * Holds each key to the deliveries a minute it is configured for: so many at once, then one more each time a share of
 * the minute is over. Answers the seconds it must wait, null to go on. Counts in this process only, and tells of whom it
 * sends away. `now` is monotonic, in milliseconds.
 */
export function createKeyThrottle(
  sentAway: (principal: Principal, requestsPerMinute: number) => void = () => {},
  now: () => number = () => performance.now(),
): (principal: Principal) => number | null {
  /** Until when what was taken has used up what the key is given. */
  const usedUpUntil = new LRUCache<string, number>({ max: remembered });
  return (principal) => {
    const { credentialId, ingest } = principal;
    const perMinute = ingest?.requestsPerMinute ?? null;
    if (perMinute === null) return null;
    const at = now();
    const next = Math.max(usedUpUntil.get(credentialId) ?? 0, at) + 60_000 / perMinute;
    // A tenth of a millisecond for what adding fractions leaves over.
    const early = next - at - 60_000 - 0.1;
    if (early > 0) {
      sentAway(principal, perMinute);
      return early / 1_000;
    }
    usedUpUntil.set(credentialId, next);
    return null;
  };
}
