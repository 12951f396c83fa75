import type { MemberRole } from '../domain/access/actor.ts';
import type { AdministrationLoadRequest, LoadedAdministration } from './port.ts';
import { instantOf, storable, unlessEmpty } from './wire.ts';

/** What `warroom.load_administration` answers: lists of rows as arrays, null when nothing was found. */
export interface WireAdministration {
  readonly sequence: number;
  readonly name: string;
  readonly members: [userId: string, role: MemberRole][] | null;
  readonly administrators: string[] | null;
  readonly addresses: string[] | null;
  readonly invitations: WireInvitation[] | null;
  readonly open: number;
}

type WireInvitation = [
  invitationId: string,
  email: string,
  role: MemberRole,
  expiresAt: string,
  revokedAt: string | null,
  acceptedBy: string | null,
  isAddressee: boolean,
];

/** The request as `warroom.load_administration` takes it. */
export function encodeAdministration(request: AdministrationLoadRequest): object {
  return {
    users: unlessEmpty(storable(request.userIds)),
    emails: unlessEmpty(storable(request.emails)),
    invitations: unlessEmpty(request.invitationIds),
    accepting: request.acceptingUserId ?? undefined,
  };
}

/** What was found, from its wire form. */
export function administrationOf(wire: WireAdministration): LoadedAdministration {
  return {
    sequence: wire.sequence,
    organizationName: wire.name,
    members: (wire.members ?? []).map(([userId, role]) => ({ userId, role })),
    administratorIds: wire.administrators ?? [],
    memberEmails: wire.addresses ?? [],
    invitations: (wire.invitations ?? []).map(
      ([invitationId, email, role, expiresAt, revokedAt, acceptedBy, isAddressee]) => ({
        invitationId,
        email,
        role,
        expiresAt: instantOf(expiresAt),
        revokedAt: instantOf(revokedAt),
        acceptedBy,
        isAddressee,
      }),
    ),
    openInvitations: wire.open,
  };
}
