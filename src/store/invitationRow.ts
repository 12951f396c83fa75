import type { AdministrationEvent } from '../domain/administration/events.ts';

/** What an invitation's row holds and its event may not say. */
export interface InvitationSecrets {
  /** Lower case. */
  readonly email: string;
  /** SHA-256 of the token that is shown, hexadecimal. */
  readonly tokenHash: string;
  /** SHA-256 of the token that is mailed, hexadecimal. */
  readonly mailTokenHash: string;
}

/** The `invitation` row of an invitation just sent; replay can check every column but the three its event leaves out. */
export function invitationRow(
  event: Extract<AdministrationEvent, { readonly type: 'MEMBER_INVITED' }>,
  { email, tokenHash, mailTokenHash }: InvitationSecrets,
): Readonly<Record<string, unknown>> {
  const { invitationId, role, expiresAt } = event.payload;
  return {
    id: invitationId,
    email,
    role,
    token_hash: tokenHash,
    mail_token_hash: mailTokenHash,
    created_at: event.at,
    invited_by_kind: event.actor.kind,
    invited_by_id: event.actor.id,
    invited_by_role: event.actor.role,
    expires_at: expiresAt,
  };
}
