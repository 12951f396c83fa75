import { createHash } from 'node:crypto';
import { noInvitation } from '../domain/administration/acceptInvitation.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import { type FoundInvitation, invitationByToken } from '../store/read/invitations.ts';
import type { Answer, Handle, IdempotentRequest } from './answer.ts';

/** The longest token that is looked up; ours have 46 characters. */
const tokenAtMost = 128;

/** SHA-256 of an invitation's token, hexadecimal: all that is kept of it. */
export function tokenHashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

async function found(database: Database, token: string): Promise<FoundInvitation | null> {
  if (token === '' || token.length > tokenAtMost) return null;
  return invitationByToken(database, tokenHashOf(token));
}

/**
 * The invitation behind a token, for whoever was sent it and is nobody here yet; null when it cannot be accepted any
 * more: unknown, revoked, accepted or expired.
 */
export async function describeInvitation(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  token: string,
): Promise<FoundInvitation | null> {
  const invitation = await found(database, token);
  return invitation?.isOpen && invitation.expiresAt > clock.now() ? invitation : null;
}

/** Who wants to accept what. */
export interface Accepting {
  readonly token: string;
  /** Who is signed in. */
  readonly userId: string;
  /** Their account was made by this very acceptance. */
  readonly isNew?: boolean;
  /** Kept in the organization of the invitation. */
  readonly request?: IdempotentRequest | null;
}

/** What became of it; `invitation` is null when the token opens nothing. */
export interface Acceptance {
  readonly answer: Answer;
  readonly invitation: FoundInvitation | null;
}

/**
 * Makes whoever is signed in a member of the organization that invited them, in that organization's own queue. They
 * are nobody there yet, so their role says nothing.
 * @throws as {@link Handle}.
 */
export async function acceptInvitation(
  { database, handle }: { readonly database: Database; readonly handle: Handle },
  { token, userId, isNew = false, request = null }: Accepting,
): Promise<Acceptance> {
  const invitation = await found(database, token);
  if (invitation === null) return { answer: { kind: 'refused', refusal: noInvitation.refusal }, invitation };
  const { organizationId, invitationId } = invitation;
  const answer = await handle({
    organizationId,
    actor: { kind: 'USER', id: userId, role: null },
    scopes: [],
    target: { by: 'administration' },
    command: { name: 'acceptInvitation', input: { invitationId, userId, isNew } },
    request,
  });
  return { answer, invitation };
}
