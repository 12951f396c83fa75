import { createHash } from 'node:crypto';
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { MemberRole } from '../domain/access/actor.ts';
import { hasRole } from '../domain/access/hasRole.ts';
import { isEmailAddress } from '../domain/emailAddress.ts';
import type { Clock } from '../store/clock.ts';
import { KeysUnavailableError } from './keySet.ts';
import type { TokenSettings } from './tokenSettings.ts';

/** The longest token looked at, in characters. */
const tokenLimit = 8_192;
/** Groups of a token that are looked at. */
const groupsLimit = 1_000;
/** Seconds another clock may be ahead of ours for `nbf` and `iat`. A token's end is its end, on every transport. */
const skewSeconds = 60;
/** Milliseconds for which what was found out about a token is believed. */
const believedFor = 60_000;
const refusedFor = 1_000;

/** Asymmetric only: a public key must never pass for a secret, and "none" never for a signature. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** What a token that holds says. */
export interface VerifiedToken {
  /** Derived from the token, and nothing of it can be told from this. */
  readonly id: string;
  /** Lower case. */
  readonly email: string;
  /** By the slug of an organization, the highest role its groups give there. */
  readonly roles: ReadonlyMap<string, MemberRole>;
  readonly expiresAt: string;
}

/** What tokens are verified with. */
export interface TokenVerifierOptions {
  readonly settings: TokenSettings;
  readonly keys: JWTVerifyGetKey;
  readonly clock: Clock;
  /** Told why a token was refused; never what it holds. */
  onRefused(reason: string): void;
}

/** Answers null for a token that does not hold. @throws KeysUnavailableError when that cannot be said now. */
export type VerifyToken = (token: string) => Promise<VerifiedToken | null>;

/** Whether this is a JSON Web Token by its looks: three parts, of which the first begins a JSON object. */
export function looksLikeToken(text: string): boolean {
  return /^ey[\w-]*\.[\w-]*\.[\w-]*$/.test(text);
}

/** Verifies tokens of the issuer in the settings, and remembers by their hash what came of it. */
export function createTokenVerifier(options: TokenVerifierOptions): VerifyToken {
  const { clock, onRefused } = options;
  const known = new LRUCache<string, { found: Promise<VerifiedToken | null> }>({
    max: 10_000,
    ttl: believedFor,
  });

  const verify = async (token: string, id: string): Promise<VerifiedToken | null> => {
    try {
      return read(options, id, (await checked(options, token)).payload);
    } catch (error) {
      if (error instanceof KeysUnavailableError) throw error;
      onRefused(reasonOf(error));
      return null;
    }
  };

  return async (token) => {
    if (token.length > tokenLimit) {
      onRefused(`it has more than ${tokenLimit} characters`);
      return null;
    }
    const id = createHash('sha256').update(token).digest('hex').slice(0, 32);
    let entry = known.get(id);
    if (entry === undefined) {
      const made = { found: verify(token, id) };
      entry = made;
      known.set(id, made);
      made.found.then(
        (found) => found ?? known.set(id, made, { ttl: refusedFor }),
        () => known.delete(id),
      );
    }
    const found = await entry.found;
    return found !== null && found.expiresAt > clock.now() ? found : null;
  };
}

function checked({ settings, keys, clock }: TokenVerifierOptions, token: string) {
  return jwtVerify(token, keys, {
    issuer: settings.issuer,
    audience: [...settings.audiences],
    algorithms,
    clockTolerance: skewSeconds,
    currentDate: new Date(clock.now()),
    requiredClaims: ['exp'],
  });
}

function read({ settings, clock }: TokenVerifierOptions, id: string, payload: JWTPayload): VerifiedToken {
  const now = Date.parse(clock.now()) / 1_000;
  const { exp = 0, iat } = payload;
  if (exp <= now) throw new Refused('it has expired');
  if (iat !== undefined && !(typeof iat === 'number' && iat <= now + skewSeconds)) {
    throw new Refused('it was issued in the future');
  }
  const claim = claimOf(payload, settings.userClaim);
  const email = typeof claim === 'string' ? claim.trim().toLowerCase() : '';
  if (!isEmailAddress(email)) {
    throw new Refused(`its claim ${settings.userClaim} is no email address`);
  }
  // Whoever can give themselves an address there must not become whose address it is here.
  // Some issuers write it as text. One that says nothing vouches for its addresses by being configured here.
  const { email_verified: verified = true } = payload;
  if (verified !== true && verified !== 'true') throw new Refused('its email address is not verified');
  return {
    id,
    email,
    roles: rolesOf(settings, payload),
    expiresAt: new Date(Math.floor(exp * 1_000)).toISOString(),
  };
}

function rolesOf({ groupsClaim, groupRoles }: TokenSettings, payload: JWTPayload): VerifiedToken['roles'] {
  const highest = new Map<string, MemberRole>();
  if (groupsClaim === null) return highest;
  const claim = claimOf(payload, groupsClaim);
  const groups = typeof claim === 'string' ? claim.split(/[\s,]+/) : Array.isArray(claim) ? claim : [];
  for (const group of groups.slice(0, groupsLimit)) {
    for (const [slug, role] of groupRoles.get(String(group)) ?? []) {
      if (!hasRole(highest.get(slug) ?? null, role)) highest.set(slug, role);
    }
  }
  return highest;
}

/** A claim by its name, or, where no claim is called so, by the path its dots make: `realm_access.roles`. */
function claimOf(payload: JWTPayload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  let value: unknown = payload;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

class Refused extends Error {}

/** In words of ours or jose's, which name claims and never quote them. */
function reasonOf(error: unknown): string {
  if (error instanceof Refused) return error.message;
  return error instanceof errors.JOSEError ? `${error.code}: ${error.message}` : 'it cannot be read';
}
