import { GraphQLError } from 'graphql';
import type { Identity } from '../app/identity.ts';
import { personScopes } from '../domain/access/actor.ts';
import type { Principal } from '../domain/access/principal.ts';
import { chosenOrganization } from '../identity/organizationCookie.ts';
import type { CredentialResolver } from './authenticate.ts';
import { chooseOrganization } from './chooseOrganization.ts';
import type { Memberships } from './memberships.ts';
import { fromOwnPage } from './ownPage.ts';

/** What sessions are resolved with. */
export interface SessionCredentialOptions {
  readonly identity: Pick<Identity, 'signedIn'>;
  readonly memberships: Memberships;
  /** Asked for when a session is presented: without a setting it is known once we listen. */
  publicOrigin(): string;
}

/** A browser's session as a credential: the person, in one of their organizations. */
export function createSessionCredential(options: SessionCredentialOptions): CredentialResolver {
  const { identity, memberships } = options;
  return (presented) => {
    const { cookie, organization } = presented;
    if (cookie === undefined) return undefined;
    return (async () => {
      const signedIn = await identity.signedIn(cookie);
      if (signedIn === null) return null;
      if (!fromOwnPage(presented, options.publicOrigin())) throw crossOrigin();
      const { session } = signedIn;
      const chosenLast = chosenOrganization(cookie);
      const chosen = chooseOrganization(await memberships(session.userId), organization, chosenLast);
      const principal: Principal = {
        organizationId: chosen.organizationId,
        organizationSlug: chosen.slug,
        actor: { kind: 'USER', id: session.userId, role: chosen.role },
        scopes: personScopes,
        credentialId: session.id,
      };
      return { principal, expiresAt: session.expiresAt };
    })();
  };
}

function crossOrigin(): GraphQLError {
  return new GraphQLError(
    "A session counts only for Warroom's own pages, and this does not come from one. If it does, WARROOM_PUBLIC_URL is not the address you reach it by.",
    { extensions: { code: 'CROSS_ORIGIN', http: { status: 403 } } },
  );
}
