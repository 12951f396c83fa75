import type { Session as SessionOf } from '../../app/identity.ts';
import { builder } from '../builder.ts';
import { describedEnum } from '../enums.ts';
import { toGlobalId } from '../globalId.ts';

/** A session as one of its owner's credentials sees it. */
export interface OwnSession {
  readonly session: SessionOf;
  /** What they ask with now. */
  readonly isCurrent: boolean;
}

const SignedInBy = describedEnum('SignedInBy', 'How a browser was signed in.', ['PASSWORD', 'LINK', 'OIDC'], {
  PASSWORD: 'With an email address and a password.',
  LINK: 'By a one-time link, or by accepting an invitation.',
  OIDC: 'Through the identity provider.',
});

/** A browser that is signed in. */
export const Session = builder.objectRef<OwnSession>('Session').implement({
  description: 'A browser that is signed in as you. Its token is nowhere but there.',
  fields: (t) => ({
    id: t.id({
      description: 'What `revokeSession` takes.',
      resolve: ({ session }) => toGlobalId('Session', session.id),
    }),
    isCurrent: t.exposeBoolean('isCurrent', { description: 'Whether it is the one you ask with.' }),
    signedInBy: t.field({
      type: SignedInBy,
      description: 'How it was signed in.',
      resolve: ({ session }) => session.signedInBy,
    }),
    ipAddress: t.string({
      nullable: true,
      description: 'Where it was signed in from.',
      resolve: ({ session }) => session.ipAddress,
    }),
    userAgent: t.string({
      nullable: true,
      description: 'What the browser calls itself.',
      resolve: ({ session }) => session.userAgent,
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When it was signed in.',
      resolve: ({ session }) => session.createdAt,
    }),
    lastUsedAt: t.field({
      type: 'DateTime',
      description: 'When it was last used, give or take ten minutes.',
      resolve: ({ session }) => session.lastUsedAt,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description:
        'When it ends by itself if it is not used until then: after 7 days unused, and after 30 at most.',
      resolve: ({ session }) => session.expiresAt,
    }),
  }),
});
