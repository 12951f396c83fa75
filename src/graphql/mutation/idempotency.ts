import type { IdempotentRequest } from '../../app/answer.ts';
import type { Principal } from '../../domain/access/principal.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { digestOf } from './digestOf.ts';

/** The longest idempotency key, in characters. */
const idempotencyKeyLimit = 128;

/** What every mutation's description of the key says. */
export const idempotencyKeyDescription =
  'Your own name for this intent, 1–128 characters. Sent again with the same input, it answers the same and does nothing twice; kept 7 days.';

/** Whether the key can be kept: 1–128 characters, no control characters, no half of a surrogate pair. */
function acceptable(key: string): boolean {
  return key.length >= 1 && key.length <= idempotencyKeyLimit && !/[\p{Cc}\p{Cs}]/u.test(key);
}

/** The request to remember, null when no key was sent, or the refusal of a key that cannot be kept. */
export function idempotentRequest(
  principal: Principal,
  mutation: string,
  key: string | null | undefined,
  input: unknown,
): IdempotentRequest | Extract<Refusal, { kind: 'ValidationError' }> | null {
  if (key === null || key === undefined) return null;
  if (!acceptable(key)) {
    const message = `Must be 1–${idempotencyKeyLimit} characters without control characters.`;
    return {
      kind: 'ValidationError',
      code: 'VALIDATION_FAILED',
      message: 'The idempotency key is not acceptable.',
      fields: [{ path: ['idempotencyKey'], message }],
    };
  }
  return { principal: principal.actor.id ?? principal.credentialId, key, digest: digestOf(mutation, input) };
}
