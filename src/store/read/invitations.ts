import type { Actor, ActorKind, MemberRole } from '../../domain/access/actor.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Database, Row } from '../database.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { inOrder, type ReadScope } from './scope.ts';
import { type Slice, sliceOf, type Window } from './slice.ts';
import { Statement } from './statement.ts';

/** An invitation, never its token or hash. */
export interface InvitationRow {
  readonly id: string;
  readonly email: string;
  readonly role: MemberRole;
  readonly createdAt: Instant;
  readonly invitedBy: Actor;
  readonly expiresAt: Instant;
  readonly acceptedAt: Instant | null;
  readonly acceptedBy: string | null;
  readonly revokedAt: Instant | null;
}

const columns = `id, email, role, created_at, invited_by_kind, invited_by_id, invited_by_role, expires_at,
  accepted_at, accepted_by, revoked_at`;

/** Where an invitation stands in the list of invitations. */
export function invitationCursor(invitation: InvitationRow): string {
  return encodeCursor([invitation.createdAt, invitation.id]);
}

/** A page of invitations, newest first; `open`: only those neither accepted nor revoked. @throws CursorError */
export async function invitationPage(
  scope: ReadScope,
  open: boolean,
  window: Window,
): Promise<Slice<InvitationRow>> {
  const statement = new Statement();
  const conditions = [`organization_id = ${statement.value(scope.organizationId)}`];
  if (open) conditions.push('accepted_at IS NULL AND revoked_at IS NULL');
  if (window.after !== null) {
    const [at, id] = decodeCursor(window.after, ['instant', 'uuid']);
    conditions.push(`(created_at, id) < (${statement.value(at)}::timestamptz, ${statement.value(id)}::uuid)`);
  }
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT ${columns} FROM warroom.invitation WHERE ${conditions.join(' AND ')}
     ORDER BY created_at DESC, id DESC LIMIT ${statement.value(window.size + 1)}`,
    statement.parameters,
  );
  return sliceOf(rows.map(invitationOf), window);
}

/** Invitations by id, in the order asked for. */
export async function invitations(
  scope: ReadScope,
  ids: readonly string[],
): Promise<(InvitationRow | null)[]> {
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT ${columns} FROM warroom.invitation WHERE organization_id = $1 AND id = ANY($2::uuid[])`,
    [scope.organizationId, [...new Set(ids)]],
  );
  return inOrder(ids, new Map(rows.map((row) => [row.id as string, invitationOf(row)])));
}

function invitationOf(row: Row): InvitationRow {
  return {
    id: row.id as string,
    email: row.email as string,
    role: row.role as MemberRole,
    createdAt: row.created_at as Instant,
    invitedBy: {
      kind: row.invited_by_kind as ActorKind,
      id: row.invited_by_id as string | null,
      role: row.invited_by_role as MemberRole | null,
    },
    expiresAt: row.expires_at as Instant,
    acceptedAt: row.accepted_at as Instant | null,
    acceptedBy: row.accepted_by as string | null,
    revokedAt: row.revoked_at as Instant | null,
  };
}

/** What whoever holds an invitation's token may see of it, of any organization. */
export interface FoundInvitation {
  readonly organizationId: string;
  readonly organizationSlug: string;
  readonly organizationName: string;
  readonly invitationId: string;
  readonly email: string;
  readonly role: MemberRole;
  readonly expiresAt: Instant;
  /** Neither accepted nor revoked; it may have expired. */
  readonly isOpen: boolean;
  /** The name of the person who sent it; null when it was sent with a key. */
  readonly inviterName: string | null;
  /** Whether the token came with the mail, and with nothing else: whoever has it reads mail to the address. */
  readonly isMailed: boolean;
  /** Whether somebody signs in with this address already; false, whatever is so, unless {@link isMailed}. */
  readonly isKnown: boolean;
}

interface WireInvitation {
  readonly organization: string;
  readonly slug: string;
  readonly name: string;
  readonly id: string;
  readonly email: string;
  readonly role: MemberRole;
  readonly expires_at: Instant;
  readonly open: boolean;
  readonly inviter: string | null;
  readonly mailed: boolean;
  readonly known: boolean;
}

/** The invitation whose token has this SHA-256 (hexadecimal), of any organization; null when there is none. */
export async function invitationByToken(
  database: Database,
  tokenHash: string,
): Promise<FoundInvitation | null> {
  const [row] = await database.asPlatform<{ found: WireInvitation | null }>(
    "SELECT warroom.invitation_by_token(decode($1, 'hex')) AS found",
    [tokenHash],
  );
  if (!row?.found) return null;
  const { found } = row;
  return {
    organizationId: found.organization,
    organizationSlug: found.slug,
    organizationName: found.name,
    invitationId: found.id,
    email: found.email,
    role: found.role,
    expiresAt: found.expires_at,
    isOpen: found.open,
    inviterName: found.inviter,
    isMailed: found.mailed,
    isKnown: found.known,
  };
}
