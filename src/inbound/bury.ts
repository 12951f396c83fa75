import type { PoisonDelivery } from '../app/deadLetters.ts';
import type { Principal } from '../domain/access/principal.ts';
import { type ReadJson, unreadableReasons } from './readJson.ts';
import type { InboundRequest, Reception } from './reception.ts';

/** How long a sender is asked to wait whose delivery can be neither taken in nor kept now, in seconds. */
export const buryRetrySeconds = 10;

/** What `declared_bytes` can hold; more is not told apart. */
const declaredAtMost = 2_147_483_647;

/** Keeps what would come to the same again; answers false, and logs why, where that cannot be done now. */
export async function bury(
  letter: PoisonDelivery,
  { deadLetters, log, request }: Reception,
  principal: Principal,
): Promise<boolean> {
  try {
    await deadLetters.keep(principal, letter);
    return true;
  } catch (err) {
    const about = { connector: letter.format, apiKeyId: principal.credentialId, from: request.remoteAddress };
    log.error({ err, ...about }, 'A delivery that cannot be taken in could not be kept.');
    return false;
  }
}

/** What is kept of a body that cannot be read: all of it, but the beginning where it is too large. */
export function unreadableLetter(
  read: Extract<ReadJson, { readonly problem: string }>,
  { request, bodyLimit }: Reception,
): Omit<PoisonDelivery, 'format'> {
  if (read.problem !== 'TOO_LARGE') return { body: read.raw, ...unreadableReasons[read.problem] };
  return {
    body: read.beginning,
    reason: `The body is too large: at most ${bodyLimit} bytes are accepted.`,
    problems: [],
    notReplayable: 'TOO_LARGE',
    declaredBytes: declaredBytesOf(request),
  };
}

function declaredBytesOf({ headers: { 'content-length': length } }: InboundRequest): number | null {
  return typeof length === 'string' && /^\d+$/.test(length) ? Math.min(Number(length), declaredAtMost) : null;
}
