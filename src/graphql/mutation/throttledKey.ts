import type { GraphQLContext } from '../context.ts';
import type { RefusalOf } from '../error/refusalTypes.ts';

/** That a key brings more than it is configured for; null when it may. One call is one delivery. */
export function throttledKey({ principal, throttle }: GraphQLContext): RefusalOf<'RateLimitedError'> | null {
  const wait = throttle(principal);
  if (wait === null) return null;
  const retryAfterSeconds = Math.ceil(wait);
  const message = `Too many requests with this key. Nothing was done now; try again in ${retryAfterSeconds} s.`;
  return { kind: 'RateLimitedError', code: 'RATE_LIMITED', message, retryAfterSeconds };
}
