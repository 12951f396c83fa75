import { GraphQLError } from 'graphql';
import type { MemberRole } from '../domain/access/actor.ts';
import { nowhere } from '../domain/access/principal.ts';
import type { MembershipRow } from '../store/read/memberships.ts';

const refuse = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });

/** Where a person acts, and as what; without a role, nowhere. */
export interface ChosenOrganization {
  readonly organizationId: string;
  readonly slug: string;
  readonly role: MemberRole | null;
}

/**
 * The organization a person acts in: the one they ask for, else their only one, else the one they chose last. One they
 * do not belong to reads the same as one that does not exist. Who belongs to none acts nowhere: they may accept an
 * invitation.
 * @throws GraphQLError BAD_USER_INPUT naming the slugs to choose from.
 */
export function chooseOrganization(
  memberships: readonly MembershipRow[],
  asked: string | null,
  chosenLast: string | null,
): ChosenOrganization {
  const bySlug = (slug: string | null) => memberships.find((one) => one.slug === slug);
  if (memberships.length === 0 && asked === null) return nowhere;
  if (memberships.length === 0)
    throw refuse('You belong to no organization yet. Ask an administrator of one to invite you.');
  const chosen =
    asked !== null ? bySlug(asked) : memberships.length === 1 ? memberships[0] : bySlug(chosenLast);
  if (chosen !== undefined) return chosen;
  const slugs = memberships.map(({ slug }) => slug).join(', ');
  throw refuse(
    asked !== null
      ? `You belong to no organization of that name. Send one of these as \`Warroom-Organization\`: ${slugs}.`
      : `You belong to several organizations. Send one of these as \`Warroom-Organization\`: ${slugs}.`,
  );
}
