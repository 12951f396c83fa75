import { invitationCursor, invitationPage } from '../../store/read/invitations.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { connectionOf, pageOf } from '../page.ts';
import { forwardArguments } from '../pageArguments.ts';
import { InvitationConnection } from './invitation.ts';

builder.queryField('invitations', (t) =>
  t.field({
    type: InvitationConnection,
    description: 'Invitations to your organization, newest first. For administrators.',
    args: {
      open: t.arg.boolean({
        description: 'Only those neither accepted nor revoked, expired ones included. Default: all.',
      }),
      ...forwardArguments(t),
    },
    resolve: (_root, args, context) => {
      authorizeRead('invitations', context);
      const page = pageOf(args);
      const read = invitationPage(readScope(context), args.open === true, page);
      return connectionOf(page, read, invitationCursor, (invitation) => invitation);
    },
  }),
);
