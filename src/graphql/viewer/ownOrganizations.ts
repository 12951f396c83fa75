import type { MemberRole } from '../../domain/access/actor.ts';
import type { Principal } from '../../domain/access/principal.ts';
import { membershipsOf } from '../../store/read/memberships.ts';
import { organization } from '../../store/read/organization.ts';
import { builder } from '../builder.ts';
import { type GraphQLContext, readScope } from '../context.ts';
import { MemberRoleEnum } from '../enums.ts';

interface OwnOrganizationRow {
  readonly slug: string;
  readonly name: string;
  readonly role: MemberRole | null;
}

/** An organization as whoever may act in it sees it. */
export const OwnOrganization = builder.objectRef<OwnOrganizationRow>('ViewerOrganization').implement({
  description: 'An organization you may act in, and as what.',
  fields: (t) => ({
    slug: t.exposeString('slug', { description: 'What to send as `Warroom-Organization` to act in it.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    role: t.expose('role', {
      type: MemberRoleEnum,
      nullable: true,
      description: 'What you may do there at most.',
    }),
  }),
});

/** The organizations of a person's memberships; of a key, the one it belongs to. */
export async function ownOrganizations(
  { actor, organizationSlug: slug }: Principal,
  _args: object,
  context: GraphQLContext,
): Promise<readonly OwnOrganizationRow[]> {
  if (actor.kind === 'USER' && actor.id !== null) return membershipsOf(context.database, actor.id);
  const own = await organization(readScope(context));
  return [{ slug, name: own?.name ?? slug, role: actor.role }];
}
