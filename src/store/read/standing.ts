import type { Database } from '../database.ts';
import { type MembershipRow, membershipsOf } from './memberships.ts';

/** Where a person may act. */
export interface Standing {
  /** By slug; at most 100. */
  readonly memberships: readonly MembershipRow[];
  /** Whether they may act in every other organization, too. */
  readonly superadmin: boolean;
}

/** An organization as it is found by its slug. */
export interface OrganizationOfSlug {
  readonly organizationId: string;
  readonly slug: string;
}

/** A person's memberships, and whether they are a SUPERADMIN. */
export async function standingOf(database: Pick<Database, 'asPlatform'>, userId: string): Promise<Standing> {
  const [memberships, superadmins] = await Promise.all([
    membershipsOf(database, userId),
    superadminsOf(database, [userId]),
  ]);
  return { memberships, superadmin: superadmins.has(userId) };
}

/** The organization of this slug; null when there is none. */
export async function organizationOfSlug(
  database: Pick<Database, 'asPlatform'>,
  slug: string,
): Promise<OrganizationOfSlug | null> {
  const [row] = await database.asPlatform(
    'SELECT organization_id, slug FROM warroom.organization WHERE slug = $1',
    [slug],
  );
  return row === undefined ? null : { organizationId: row.organization_id as string, slug };
}

/** An organization as a superadmin finds it in a list. */
export interface ListedOrganization {
  readonly slug: string;
  readonly name: string;
}

/** Organizations listed at a time. */
const listedAtMost = 20;

/** Organizations whose slug begins with this text, or whose name has it, in whatever case; by slug, at most 20. */
export async function organizationsCalled(
  database: Pick<Database, 'asPlatform'>,
  text: string,
): Promise<ListedOrganization[]> {
  const rows = await database.asPlatform(
    `SELECT slug, name FROM warroom.organization
     WHERE starts_with(slug, lower($1)) OR strpos(lower(name), lower($1)) > 0
     ORDER BY slug LIMIT ${listedAtMost}`,
    [text],
  );
  return rows.map((row) => ({ slug: row.slug as string, name: row.name as string }));
}

/** Of these people, those who are SUPERADMIN now; at most 20,000 at once. */
export async function superadminsOf(
  database: Pick<Database, 'asPlatform'>,
  userIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await database.asPlatform<{ user_id: string }>(
    'SELECT user_id FROM warroom.superadmin WHERE revoked_at IS NULL AND user_id = ANY($1::text[])',
    [userIds],
  );
  return new Set(rows.map((row) => row.user_id));
}
