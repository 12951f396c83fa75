import type { Identity } from '../app/identity.ts';
import type { OnRevoked, Revocations } from './revocations.ts';
import { tokenPrefix } from './tokenCredential.ts';

/** Milliseconds between two looks at which sessions are still live. */
const lookEvery = 1_000;

/** Notices ended and expired sessions. */
export interface SessionRevocations extends Revocations {
  stop(): void;
}

/**
 * Adds to `others` that a session was ended, here or by another instance, or has expired: one statement a second for
 * all sessions that something is connected with, and none when nothing is.
 */
export function watchSessions(
  others: Revocations,
  identity: Pick<Identity, 'liveSessions'>,
  onError: (error: unknown) => void,
  every: number = lookEvery,
): SessionRevocations {
  const listeners = new Map<string, Set<OnRevoked>>();
  let looking = false;

  const look = async (): Promise<void> => {
    if (looking || listeners.size === 0) return;
    looking = true;
    try {
      const asked = [...listeners.keys()];
      const live = await identity.liveSessions(asked);
      for (const id of asked.filter((one) => !live.has(one))) {
        for (const listener of [...(listeners.get(id) ?? [])]) listener('The session was ended');
      }
    } catch (error) {
      // The database is away: believed until it can be asked, a second later.
      onError(error);
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => void look(), every).unref();

  return {
    listen(principal, onRevoked, onDoubt) {
      const stop = others.listen(principal, onRevoked, onDoubt);
      if (principal.actor.kind !== 'USER' || principal.credentialId.startsWith(tokenPrefix)) return stop;
      const { credentialId } = principal;
      const own = listeners.get(credentialId) ?? new Set();
      listeners.set(credentialId, own.add(onRevoked));
      return () => {
        stop();
        own.delete(onRevoked);
        if (own.size === 0 && listeners.get(credentialId) === own) listeners.delete(credentialId);
      };
    },
    stop: () => clearInterval(timer),
  };
}
