import type { MemberRole } from '../../domain/access/actor.ts';
import type { Database } from '../database.ts';

/** An organization that a person is a member of, and as what. */
export interface MembershipRow {
  readonly organizationId: string;
  readonly slug: string;
  readonly name: string;
  readonly role: MemberRole;
}

const membershipsAtMost = 100;

/** The organizations of a person by slug; at most 100. Across organizations: asked before one is chosen. */
export async function membershipsOf(
  database: Pick<Database, 'asPlatform'>,
  userId: string,
): Promise<MembershipRow[]> {
  const rows = await database.asPlatform(
    `SELECT m.organization_id, o.slug, o.name, m.role
     FROM warroom.membership m JOIN warroom.organization o USING (organization_id)
     WHERE m.user_id = $1 ORDER BY o.slug LIMIT ${membershipsAtMost}`,
    [userId],
  );
  return rows.map((row) => ({
    organizationId: row.organization_id as string,
    slug: row.slug as string,
    name: row.name as string,
    role: row.role as MemberRole,
  }));
}
