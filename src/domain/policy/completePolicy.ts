import { defaultPolicy } from './defaults.ts';
import type { Policy } from './policy.ts';

/**
 * A policy as it was stored, with the defaults for every part that the program did not have yet when it was: nobody
 * had decided anything about it. Every policy that is read goes through here; what is stored stays as it is.
 */
export function completePolicy(stored: Partial<Policy>): Policy {
  return { ...defaultPolicy, ...stored };
}
