import type { OnRevoked, Revocations } from './revocations.ts';

/** Milliseconds between two looks at who is a superadmin still. */
const lookEvery = 1_000;

/** Notices people who are superadmins no longer. */
export interface SuperadminRevocations extends Revocations {
  stop(): void;
}

/**
 * Adds to `others` that somebody who acts as a SUPERADMIN is one no longer: one statement a second for all of them
 * that are connected, and none when nobody is.
 */
export function watchSuperadmins(
  others: Revocations,
  superadmins: (userIds: readonly string[]) => Promise<ReadonlySet<string>>,
  onError: (error: unknown) => void,
  every: number = lookEvery,
): SuperadminRevocations {
  const listeners = new Map<string, Set<OnRevoked>>();
  let looking = false;

  const look = async (): Promise<void> => {
    if (looking || listeners.size === 0) return;
    looking = true;
    try {
      const asked = [...listeners.keys()];
      const still = await superadmins(asked);
      for (const userId of asked.filter((one) => !still.has(one))) {
        for (const listener of [...(listeners.get(userId) ?? [])]) listener('You are a superadmin no longer');
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
      const { platformRole, actor } = principal;
      // Also of who acts as a member here: the platform's own operations are open to them, too.
      if (platformRole !== 'SUPERADMIN' || actor.id === null) return stop;
      const userId = actor.id;
      const own = listeners.get(userId) ?? new Set();
      listeners.set(userId, own.add(onRevoked));
      return () => {
        stop();
        own.delete(onRevoked);
        if (own.size === 0 && listeners.get(userId) === own) listeners.delete(userId);
      };
    },
    stop: () => clearInterval(timer),
  };
}
