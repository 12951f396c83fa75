import {
  type DeadLetterBody,
  type DeadLetterReason,
  deadLetterBytesAtMost,
  deadLettersAtMost,
} from '../domain/detection/deadLetter.ts';
import type { Instant } from '../domain/instant.ts';
import type { Database } from './database.ts';

/** A delivery to be kept. */
export interface DeadDelivery extends DeadLetterReason, DeadLetterBody {
  readonly id: string;
  readonly apiKeyId: string;
  readonly format: string;
  readonly body: Uint8Array;
  /** SHA-256 of the body, hexadecimal. */
  readonly digest: string;
  readonly at: Instant;
}

/** Keeps a delivery that cannot be taken in; the same one again is counted. Durable when it returns. */
export async function keepDeadLetter(
  database: Database,
  organizationId: string,
  delivery: DeadDelivery,
  most: { readonly letters: number; readonly bytes: number } = {
    letters: deadLettersAtMost,
    bytes: deadLetterBytesAtMost,
  },
): Promise<void> {
  const { id, apiKeyId, format, digest, body, reason, problems, notReplayable, declaredBytes, at } = delivery;
  const letter = JSON.stringify({
    id,
    api_key_id: apiKeyId,
    format,
    digest,
    body: Buffer.from(body).toString('base64'),
    reason,
    problems: JSON.stringify(problems),
    not_replayable: notReplayable,
    declared_bytes: declaredBytes,
    at,
  });
  const parameters = [organizationId, letter, most.letters, most.bytes];
  await database.callAsOrganization(organizationId, 'keep_dead_letter', parameters);
}

/** Notes why it was refused when it was tried again. */
export async function refuseDeadLetterAgain(
  database: Database,
  organizationId: string,
  id: string,
  { reason, problems }: DeadLetterReason,
): Promise<void> {
  const parameters = [organizationId, id, reason, JSON.stringify(problems)];
  await database.callAsOrganization(organizationId, 'refuse_dead_letter_again', parameters);
}

/** Throws one away; answers whether it was there. */
export async function discardDeadLetter(
  database: Database,
  organizationId: string,
  id: string,
): Promise<boolean> {
  return (
    (await database.callAsOrganization(organizationId, 'discard_dead_letter', [organizationId, id])) === true
  );
}
