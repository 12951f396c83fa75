import { v7 } from 'uuid';
import type { MailOutcome } from '../../app/identity.ts';
import { invitationMail } from '../../app/invitationMail.ts';
import { addressKey } from '../../domain/administration/inviteMember.ts';
import { organization } from '../../store/read/organization.ts';
import { type GraphQLContext, readScope } from '../context.ts';
import { describedEnum, MemberRoleEnum } from '../enums.ts';
import { organizationMutation } from '../mutation/organizationMutation.ts';
import { Invitation } from './invitation.ts';
import { makeToken } from './makeToken.ts';

const MailOutcomeEnum = describedEnum(
  'MailOutcome',
  'What became of a mail.',
  ['SENT', 'NOT_SET_UP', 'FAILED'] as const,
  {
    SENT: 'The mail server took it.',
    NOT_SET_UP: 'This installation has no mail server.',
    FAILED: 'The mail server refused it or is away: pass the link on, or invite again.',
  },
);

function acceptUrl({ publicUrl }: GraphQLContext, token: string): string {
  return `${publicUrl()}/accept-invitation?token=${token}`;
}

organizationMutation('inviteMember', {
  description:
    'Invites somebody by email address: whoever signs in with it can accept once, within seven days. The link is sent by mail where a mail server is set up. An earlier open invitation to the address ends. An organization can send 200 at once and then one every 30 s, an address get five and then one every ten minutes.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'Their email address, at most 254 characters.' }),
    role: t.field({ type: MemberRoleEnum, required: true, description: 'What they will be able to do.' }),
  }),
  limit: ({ email }, { guessing, principal }) =>
    guessing.guess({ invitationsOf: principal.organizationId, invitationsTo: addressKey(email) }),
  afterwards: async ({ command: { email, role }, toSend = '' }, context) => {
    const inviting = await organization(readScope(context));
    const url = acceptUrl(context, toSend);
    return context.sendMail(
      invitationMail({ to: addressKey(email), organizationName: inviting?.name ?? '', role, url }),
    );
  },
  prepare: ({ email, role }) => {
    const shown = makeToken();
    const mailed = makeToken();
    const made = {
      invitationId: v7(),
      tokenHash: shown.tokenHash,
      mailTokenHash: mailed.tokenHash,
    };
    return { command: { email, role, made }, secret: shown.token, toSend: mailed.token };
  },
  payload: (t) => ({
    invitation: t.field({
      type: Invitation,
      description: 'The invitation as it is now.',
      resolve: async ({ entries }, _args, { loaders }) => {
        const event = entries.at(-1)?.event;
        const id = event?.type === 'MEMBER_INVITED' ? event.payload.invitationId : '';
        const invitation = id === '' ? null : await loaders.invitation.load(id);
        if (invitation === null) throw new Error('An invitation was made and cannot be read.');
        return invitation;
      },
    }),
    url: t.field({
      type: 'URL',
      nullable: true,
      description:
        'Where it is accepted: pass it on if no mail is sent. Shown once, kept nowhere. Null when the mail was sent, as only who reads that shall hold a link, and on a repeat of an idempotency key.',
      resolve: ({ secret, afterwards }, _args, context) =>
        secret === null || afterwards === 'SENT' ? null : acceptUrl(context, secret),
    }),
    mail: t.field({
      type: MailOutcomeEnum,
      nullable: true,
      description:
        'What became of the mail with the link; null on a repeat of an idempotency key, which sends none.',
      resolve: ({ afterwards }) => afterwards as MailOutcome | null,
    }),
  }),
});
