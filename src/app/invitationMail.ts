import type { MemberRole } from '../domain/access/actor.ts';
import type { Mail } from './identity.ts';

/** What an invitation says to whom it is sent. */
export interface InvitationMessage {
  readonly to: string;
  readonly organizationName: string;
  readonly role: MemberRole;
  readonly url: string;
}

/** The message of an invitation; its link is the secret, so it is kept nowhere else. */
export function invitationMail({ to, organizationName, role, url }: InvitationMessage): Mail {
  // A name may have several lines; a subject may not.
  const name = organizationName.replace(/\s+/g, ' ');
  return {
    to,
    subject: `You are invited to ${name} on Warroom`,
    text: [
      `You are invited to become a member of ${name} on Warroom, with the role ${role}.`,
      '',
      `Open this link within seven days to accept; it works once:`,
      url,
      '',
      'If you do not know why you were invited, do nothing: nobody becomes a member without the link.',
      '',
    ].join('\n'),
  };
}
