import { v7 } from 'uuid';
import type { Actor } from '../domain/access/actor.ts';
import { decideAdministration } from '../domain/administration/decide.ts';
import { noFacts } from '../domain/administration/facts.ts';
import { defaultPolicy } from '../domain/policy/defaults.ts';
import type { Refusal } from '../domain/refusal.ts';
import { refuseField } from '../domain/refuse.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import { foundOrganization } from '../store/foundOrganization.ts';
import { foundingRequest } from '../store/read/foundingRequest.ts';
import type { IdempotentRequest } from './answer.ts';
import { keyReused } from './decideBatch.ts';

/** An organization to be founded, and by whom. */
export interface NewOrganization {
  readonly slug: string;
  readonly name: string;
  /** Becomes its administrator. */
  readonly userId: string;
  /** Kept in the new organization: there is no other that the intent belongs to. */
  readonly request: IdempotentRequest | null;
}

const slugTaken = refuseField(['slug'], 'There is an organization of this slug already.').refusal;

/**
 * Founds an organization with whoever asks as its administrator; null when it is founded, else why not. It is the one
 * change that no queue carries out: there is no organization yet whose queue it could be. Whoever asks must have been
 * allowed to.
 */
export async function createOrganization(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  { slug: asked, name, userId, request }: NewOrganization,
): Promise<Refusal | null> {
  const slug = asked.trim();
  const actor: Actor = { kind: 'USER', id: userId, role: null };
  const founding = { organizationId: v7(), commandId: v7(), at: clock.now(), actor };
  const input = { slug, name, administrator: { userId } };
  const decision = decideAdministration(
    { name: 'foundOrganization', input },
    { ...founding, scopes: [], policy: defaultPolicy, facts: noFacts },
  );
  if (!decision.ok) return decision.refusal;
  const row = { ...founding, ...input, name: name.trim(), key: null, request };
  if (await foundOrganization(database, row)) return null;
  const before = request && (await foundingRequest(database, slug, request));
  if (!before) return slugTaken;
  return before.digest === request?.digest ? null : keyReused;
}
