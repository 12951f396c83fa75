import { GraphQLError } from 'graphql';
import type { Identity } from '../app/identity.ts';
import { personScopes } from '../domain/access/actor.ts';
import type { Principal } from '../domain/access/principal.ts';
import { actingIn } from '../identity/actingCookie.ts';
import { chosenOrganization } from '../identity/organizationCookie.ts';
import type { Clock } from '../store/clock.ts';
import type { CredentialResolver } from './authenticate.ts';
import { chooseOrganization } from './chooseOrganization.ts';
import { fromOwnPage } from './ownPage.ts';
import type { Standings } from './standings.ts';

/** What sessions are resolved with. */
export interface SessionCredentialOptions {
  readonly identity: Pick<Identity, 'signedIn'>;
  readonly standings: Standings;
  readonly clock: Pick<Clock, 'now'>;
  /** Asked for when a session is presented: without a setting it is known once we listen. */
  publicOrigin(): string;
}

/** A browser's session as a credential: the person, in one of their organizations. */
export function createSessionCredential(options: SessionCredentialOptions): CredentialResolver {
  const { identity, standings, clock } = options;
  return (presented) => {
    const { cookie, organization } = presented;
    if (cookie === undefined) return undefined;
    return (async () => {
      const signedIn = await identity.signedIn(cookie);
      if (signedIn === null) return null;
      if (!fromOwnPage(presented, options.publicOrigin())) throw crossOrigin();
      const { session } = signedIn;
      const chosenLast = chosenOrganization(cookie);
      const standing = await standings.of(session.userId);
      const { memberships, superadmin } = standing;
      // Where this very request names it, or this very session chose it a while ago.
      const asked = organization ?? (superadmin ? actingIn(cookie, session.id, clock.now()) : null);
      const elsewhere = await standings.asSuperadmin(standing, asked);
      const chosen = elsewhere
        ? { ...elsewhere, role: 'ORG_ADMIN' as const }
        : chooseOrganization(memberships, organization, chosenLast);
      const principal: Principal = {
        organizationId: chosen.organizationId,
        organizationSlug: chosen.slug,
        actor: { kind: 'USER', id: session.userId, role: chosen.role },
        scopes: personScopes,
        credentialId: session.id,
        ...(superadmin && { platformRole: 'SUPERADMIN' as const }),
        ...(elsewhere && { superadmin: true as const }),
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
