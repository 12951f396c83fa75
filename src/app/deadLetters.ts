import { createHash } from 'node:crypto';
import { v7 } from 'uuid';
import type { Principal } from '../domain/access/principal.ts';
import type { DeadLetter, DeadLetterBody, DeadLetterReason } from '../domain/detection/deadLetter.ts';
import { keptReason } from '../domain/detection/keptReason.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import { discardDeadLetter, keepDeadLetter, refuseDeadLetterAgain } from '../store/deadLetters.ts';
import { apiKeys } from '../store/read/apiKeys.ts';
import { deadLetter, deadLetterBodies } from '../store/read/deadLetters.ts';

/** What trying to take a delivery in once more came to. `busy`: not now; nothing changed. */
export type TriedAgain =
  | { readonly kind: 'done' }
  | ({ readonly kind: 'refused' } & DeadLetterReason)
  | { readonly kind: 'busy' };

/** What is to be tried again. `id`: by which all that comes of it is known, however often it is tried. */
export interface Letter {
  readonly id: string;
  readonly format: string;
  readonly body: Uint8Array;
}

/**
 * Takes a delivery in as if it came now; its signature was checked when it came. Tried twice, at once or because the
 * first was not heard of, it has one effect.
 */
export type TryAgain = (letter: Letter, principal: Principal) => Promise<TriedAgain>;

/** What became of a dead letter that was tried again. */
export interface Replayed {
  readonly outcome: TriedAgain['kind'] | 'notReplayable';
  /** As it is now; null when it was taken in and is gone. */
  readonly deadLetter: DeadLetter | null;
}

/** A delivery to be kept; all of its body, which can be tried again, unless it says otherwise. */
export type PoisonDelivery = DeadLetterReason &
  Partial<DeadLetterBody> & { readonly format: string; readonly body: Uint8Array };

/** Deliveries that could not be taken in. */
export interface DeadLetters {
  /** Keeps one; durable when it returns. */
  keep(principal: Principal, delivery: PoisonDelivery): Promise<void>;
  /** Tries one again, with its key as it is configured now; null when there is none of this id. */
  replay(organizationId: string, id: string): Promise<Replayed | null>;
  /** Answers whether there was one. */
  discard(organizationId: string, id: string): Promise<boolean>;
}

/** Keeps dead letters in the database. */
export function createDeadLetters({
  database,
  clock,
  tryAgain,
}: {
  readonly database: Database;
  readonly clock: Clock;
  readonly tryAgain: TryAgain;
}): DeadLetters {
  return {
    keep: (
      { organizationId, credentialId },
      { format, body, notReplayable = null, declaredBytes = null, ...reason },
    ) =>
      keepDeadLetter(database, organizationId, {
        id: v7(),
        apiKeyId: credentialId,
        format,
        body,
        digest: createHash('sha256').update(body).digest('hex'),
        ...keptReason(reason),
        notReplayable,
        declaredBytes,
        at: clock.now(),
      }),
    async replay(organizationId, id) {
      const scope = { database, organizationId };
      const letter = await deadLetter(scope, id);
      const [body] = await deadLetterBodies(scope, [id]);
      if (letter === null || body == null) return null;
      if (letter.notReplayable !== null) return { outcome: 'notReplayable', deadLetter: letter };
      const { format, apiKeyId } = letter;
      const tried = await tryAgain({ id, format, body }, await principalOf(scope, apiKeyId));
      if (tried.kind === 'done') await discardDeadLetter(database, organizationId, id);
      if (tried.kind === 'refused') {
        await refuseDeadLetterAgain(database, organizationId, id, keptReason(tried));
      }
      return { outcome: tried.kind, deadLetter: await deadLetter(scope, id) };
    },
    discard: (organizationId, id) => discardDeadLetter(database, organizationId, id),
  };
}

/** Who it came from, as the key is now. @throws Error when there is no such key, which a letter refers to. */
async function principalOf(
  scope: { readonly database: Database; readonly organizationId: string },
  apiKeyId: string,
): Promise<Principal> {
  const [key] = await apiKeys(scope, [apiKeyId]);
  if (key == null) throw new Error('The API key of a dead letter cannot be read.');
  return {
    organizationId: scope.organizationId,
    organizationSlug: '',
    actor: { kind: 'INTEGRATION', id: apiKeyId, role: key.role },
    scopes: key.scopes,
    credentialId: apiKeyId,
    ...(key.ingest === null ? {} : { ingest: key.ingest }),
  };
}
