import { type Handle, OverloadedError, ServerOutdatedError } from '../app/answer.ts';
import type { Principal } from '../domain/access/principal.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { SignalDelivery } from './translation.ts';

/** What became of a delivery. `failed` carries what is to be logged; nobody outside is told. */
export type Delivered =
  | { readonly kind: 'committed' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'busy'; readonly retryAfterSeconds: number }
  | { readonly kind: 'failed'; readonly error: unknown };

/** How long a sender is asked to wait when this server is too old for the data. */
const outdatedRetrySeconds = 30;

/**
 * Carries out the commands of one delivery, one after the other, and answers once all are committed. It stops at the
 * first that is not: a sender that sends the whole again repeats nothing, since every signal has its fingerprint.
 */
export async function deliver(
  commands: readonly SignalDelivery[],
  principal: Principal,
  handle: Handle,
): Promise<Delivered> {
  const actor = { kind: 'INTEGRATION', id: principal.credentialId, role: principal.actor.role } as const;
  for (const input of commands) {
    try {
      const answer = await handle({
        organizationId: principal.organizationId,
        actor,
        target: { by: 'dedupKey', key: input.dedupKey },
        command: { name: 'receiveSignals', input },
      });
      if (answer.kind === 'refused') return answer;
    } catch (error) {
      if (error instanceof OverloadedError)
        return { kind: 'busy', retryAfterSeconds: error.retryAfterSeconds };
      if (error instanceof ServerOutdatedError)
        return { kind: 'busy', retryAfterSeconds: outdatedRetrySeconds };
      return { kind: 'failed', error };
    }
  }
  return { kind: 'committed' };
}
