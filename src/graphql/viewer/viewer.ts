import type { Principal } from '../../domain/access/principal.ts';
import { organization } from '../../store/read/organization.ts';
import { ActorType } from '../actor/actor.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { ApiKeyScopeEnum, MemberRoleEnum } from '../enums.ts';
import { SessionGate } from '../gate/sessionGateType.ts';
import { Organization } from '../organization/organization.ts';
import { ownSessions } from '../session/ownSessions.ts';
import { Session } from '../session/session.ts';
import { User } from '../user/user.ts';
import { OwnOrganization, ownOrganizations } from './ownOrganizations.ts';

const Viewer = builder.objectRef<Principal>('Viewer').implement({
  description: 'Who is asking, as the credential says.',
  fields: (t) => ({
    actor: t.expose('actor', { type: ActorType, description: 'Who you are to the ledger.' }),
    user: t.field({
      type: User,
      nullable: true,
      description: 'The person you are; null for a key.',
      resolve: ({ actor: { kind, id } }, _args, { loaders }) =>
        kind === 'USER' && id !== null ? loaders.user.load(id) : null,
    }),
    organization: t.field({
      type: Organization,
      description: 'The organization you act in.',
      resolve: async ({ organizationSlug }, _args, context) =>
        (await organization(readScope(context))) ?? { slug: organizationSlug, name: organizationSlug },
    }),
    sessionGate: t.field({
      type: SessionGate,
      nullable: true,
      description: 'Whether other systems keep you out, for a banner; null for a key.',
      resolve: ({ actor: { kind, id } }, _args, { loaders }) =>
        kind === 'USER' && id !== null ? loaders.sessionGate.load(id) : null,
    }),
    organizations: t.field({
      type: [OwnOrganization],
      description: 'Every organization you may act in, by slug; for a key its own. At most 100.',
      resolve: ownOrganizations,
    }),
    sessions: t.field({
      type: [Session],
      description:
        'The browsers that are signed in as you, the latest used first; none for a key. At most 50.',
      resolve: (_principal, _args, context) => ownSessions(context),
    }),
    role: t.field({
      type: MemberRoleEnum,
      nullable: true,
      description: 'What you may do at most.',
      resolve: ({ actor }) => actor.role,
    }),
    scopes: t.field({
      type: [ApiKeyScopeEnum],
      description: 'What your credential may be used for.',
      resolve: ({ scopes }) => scopes,
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    description: 'Who is asking, and what they may do.',
    resolve: (_root, _args, context) => {
      authorizeRead('viewer', context);
      return context.principal;
    },
  }),
);
