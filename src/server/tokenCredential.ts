import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Identity, Person } from '../app/identity.ts';
import { personScopes } from '../domain/access/actor.ts';
import type { Credential, CredentialResolver } from './authenticate.ts';
import { chooseOrganization } from './chooseOrganization.ts';
import { KeysUnavailableError } from './keySet.ts';
import type { Standings } from './standings.ts';
import { looksLikeToken, type VerifiedToken, type VerifyToken } from './verifyToken.ts';

/** How long it is believed whose an email address is, in milliseconds. */
const believedFor = 1_000;

/** Seconds after which a client may ask again while the issuer is away. */
const retryAfterSeconds = 5;

/** How the credential id of a token begins; a session's never does. */
export const tokenPrefix = 'token:';

/** What tokens are resolved with. */
export interface TokenCredentialOptions {
  readonly verify: VerifyToken;
  readonly identity: Pick<Identity, 'personByEmail' | 'addressProven'>;
  readonly standings: Standings;
}

/**
 * A token of the configured issuer as a credential: the person of its email address, in an organization they are a
 * member of, with the role its groups give there, else their own. Never as SUPERADMIN: who may be one is decided here alone.
 */
export function createTokenCredential(options: TokenCredentialOptions): CredentialResolver {
  const { verify, identity, standings } = options;
  const known = new LRUCache<string, { found: Promise<Person | null> }>({ max: 10_000, ttl: believedFor });

  const personOf = (email: string): Promise<Person | null> => {
    let entry = known.get(email);
    if (entry === undefined) {
      entry = { found: provenPerson(identity, email) };
      known.set(email, entry);
      entry.found.catch(() => known.delete(email));
    }
    return entry.found;
  };

  const credentialOf = async (token: string, organization: string | null): Promise<Credential | null> => {
    const verified = await verify(token).catch(unavailable);
    const person = verified && (await personOf(verified.email));
    if (!verified || !person) return null;
    const { memberships } = await standings.of(person.userId);
    const chosen = chooseOrganization(memberships, organization, null);
    // Groups say what a member may do, not who is one.
    const role = chosen.role === null ? null : (verified.roles.get(chosen.slug) ?? chosen.role);
    return {
      principal: {
        organizationId: chosen.organizationId,
        organizationSlug: chosen.slug,
        actor: { kind: 'USER', id: person.userId, role },
        scopes: personScopes,
        credentialId: `${tokenPrefix}${verified.id}`,
      },
      expiresAt: verified.expiresAt,
    };
  };

  return ({ authorization, organization }) => {
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined || !looksLikeToken(token)) return undefined;
    return credentialOf(token, organization);
  };
}

/** Whoever invited somebody saw the link, and may have set up the account: the issuer says whose address it is. */
async function provenPerson(
  identity: TokenCredentialOptions['identity'],
  email: string,
): Promise<Person | null> {
  const person = await identity.personByEmail(email);
  if (person === null || person.emailVerified) return person;
  await identity.addressProven(email);
  return { ...person, emailVerified: true };
}

function unavailable(error: unknown): VerifiedToken | null {
  if (!(error instanceof KeysUnavailableError)) throw error;
  throw new GraphQLError(`${error.message} Nothing was done; try again in ${retryAfterSeconds} s.`, {
    extensions: {
      code: 'OVERLOADED',
      retryAfterSeconds,
      http: { status: 503, headers: { 'Retry-After': String(retryAfterSeconds) } },
    },
  });
}
