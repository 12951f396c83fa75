import { type MemberRole, memberRoles } from '../domain/access/actor.ts';
import { firstOrganization } from '../domain/administration/firstOrganization.ts';

/** Whose tokens are taken, and what they say of a person. */
export interface TokenSettings {
  /** What `iss` must be, to the letter. */
  readonly issuer: string;
  /** Where its public keys are: https, or http on this machine. */
  readonly jwksUrl: URL;
  /** Of which `aud` must hold one; 1 to 10. */
  readonly audiences: readonly string[];
  /** The claim that holds the person's email address. */
  readonly userClaim: string;
  /** The claim that holds their groups; null when roles are their memberships' own. */
  readonly groupsClaim: string | null;
  /** Group → the slug of an organization → the role it gives there. */
  readonly groupRoles: GroupRoles;
}

type GroupRoles = ReadonlyMap<string, ReadonlyMap<string, MemberRole>>;

/** The settings as they were given; null is unset. */
export interface TokenSettingTexts {
  readonly WARROOM_JWT_ISSUER: string | null;
  readonly WARROOM_JWT_JWKS_URL: string | null;
  readonly WARROOM_JWT_AUDIENCE: string | null;
  readonly WARROOM_JWT_USER_CLAIM: string | null;
  readonly WARROOM_JWT_GROUPS_CLAIM: string | null;
  readonly WARROOM_JWT_GROUP_ROLES: string | null;
}

const required = ['WARROOM_JWT_ISSUER', 'WARROOM_JWT_JWKS_URL', 'WARROOM_JWT_AUDIENCE'] as const;
const optional = ['WARROOM_JWT_GROUPS_CLAIM', 'WARROOM_JWT_GROUP_ROLES'] as const;

const audiencesLimit = 10;
const groupsLimit = 1_000;

/**
 * Reads the settings of an issuer; null when none is set.
 * @throws Error whose message names the setting that cannot be used, and why.
 */
export function readTokenSettings(texts: TokenSettingTexts): TokenSettings | null {
  const { WARROOM_JWT_ISSUER: issuer, WARROOM_JWT_JWKS_URL: url, WARROOM_JWT_AUDIENCE: audience } = texts;
  if (issuer === null || url === null || audience === null) {
    const missing = required.find((name) => texts[name] === null);
    const given = [...required, ...optional].find((name) => texts[name] !== null);
    if (given === undefined) return null;
    throw new Error(
      `${missing} must be set when ${given} is: tokens need an issuer, its keys and an audience.`,
    );
  }
  const groupRoles = groupRolesFrom(texts.WARROOM_JWT_GROUP_ROLES);
  const groupsClaim = texts.WARROOM_JWT_GROUPS_CLAIM;
  if ((groupsClaim === null) !== (groupRoles.size === 0)) {
    const [missing, given] = groupsClaim === null ? optional : [...optional].reverse();
    throw new Error(`${missing} must be set when ${given} is: together they say which group has which role.`);
  }
  return {
    issuer,
    jwksUrl: jwksUrlFrom(url),
    audiences: audiencesFrom(audience),
    userClaim: texts.WARROOM_JWT_USER_CLAIM ?? 'email',
    groupsClaim,
    groupRoles,
  };
}

function jwksUrlFrom(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.test(url.hostname))) return url;
  throw new Error(
    `WARROOM_JWT_JWKS_URL must be an https:// address (http:// on this machine only), not "${text}".`,
  );
}

function audiencesFrom(text: string): readonly string[] {
  const audiences = listOf(text);
  if (audiences.length > audiencesLimit) {
    throw new Error(`WARROOM_JWT_AUDIENCE must name at most ${audiencesLimit} audiences.`);
  }
  return audiences;
}

function groupRolesFrom(text: string | null): GroupRoles {
  const pairs = listOf(text ?? '');
  if (pairs.length > groupsLimit)
    throw new Error(`WARROOM_JWT_GROUP_ROLES must have at most ${groupsLimit} entries.`);
  const groups = new Map<string, Map<string, MemberRole>>();
  for (const pair of pairs) {
    const at = pair.lastIndexOf('=');
    const group = pair.slice(0, Math.max(at, 0)).trim();
    // Named without an organization, a role holds in one, never in all: in each, who may do what is its own to say.
    const given = /^(?:(?<slug>[a-z0-9-]{1,63}):)?(?<role>\w+)$/.exec(pair.slice(at + 1).trim())?.groups;
    const role = memberRoles.find((one) => one === given?.role);
    if (group === '' || role === undefined) {
      throw new Error(
        `WARROOM_JWT_GROUP_ROLES must look like sre=SRE_LEAD,oncall=payments:ONCALL_ENGINEER (roles: ${memberRoles.join(', ')}), not "${pair}".`,
      );
    }
    const roles = groups.get(group) ?? new Map<string, MemberRole>();
    groups.set(group, roles.set(given?.slug ?? firstOrganization.slug, role));
  }
  return groups;
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
