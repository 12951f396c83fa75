import type { MemberRole } from '../../domain/access/actor.ts';
import type { Instant } from '../../domain/instant.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { inOrder, type ReadScope } from './scope.ts';
import { type Slice, sliceOf, type Window } from './slice.ts';
import { Statement } from './statement.ts';

/** A person who is a member of the organization. */
export interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** A membership with its person. */
export interface MemberRow {
  readonly user: UserRow;
  readonly role: MemberRole;
  readonly since: Instant;
  /** Name in lower case: what the list is sorted by. */
  readonly sortKey: string;
}

/** Users by id, in the order asked for; null for whoever is no member (any more). */
export async function users(scope: ReadScope, ids: readonly string[]): Promise<(UserRow | null)[]> {
  const rows = await scope.database.for(scope.organizationId).user.findMany({
    where: {
      id: { in: [...new Set(ids)] },
      memberships: { some: { organizationId: scope.organizationId } },
    },
    select: { id: true, name: true, email: true },
  });
  return inOrder(ids, new Map(rows.map((row) => [row.id, row])));
}

/** Where a member stands in the list of members. */
export function memberCursor(member: MemberRow): string {
  return encodeCursor([member.sortKey, member.user.id]);
}

/** A page of members by name; `search` (≤ 200 characters) is looked for in name and email. @throws CursorError */
export async function memberPage(
  scope: ReadScope,
  search: string | null,
  window: Window,
): Promise<Slice<MemberRow>> {
  const statement = new Statement();
  const conditions = [`m.organization_id = ${statement.value(scope.organizationId)}`];
  if (search !== null && search.trim() !== '') {
    const wanted = `lower(${statement.value(search.trim())})`;
    conditions.push(
      `(position(${wanted} IN lower(u.name)) > 0 OR position(${wanted} IN lower(u.email)) > 0)`,
    );
  }
  if (window.after !== null) {
    const [name, id] = decodeCursor(window.after, ['text', 'text']);
    conditions.push(`(lower(u.name), u.id) > (${statement.value(name)}, ${statement.value(id)})`);
  }
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT u.id, u.name, u.email, m.role, m.created_at, lower(u.name) AS sort_key
     FROM warroom.membership m JOIN warroom.users u ON u.id = m.user_id
     WHERE ${conditions.join(' AND ')} ORDER BY lower(u.name), u.id LIMIT ${statement.value(window.size + 1)}`,
    statement.parameters,
  );
  const members = rows.map((row) => ({
    user: { id: row.id as string, name: row.name as string, email: row.email as string },
    role: row.role as MemberRole,
    since: row.created_at as Instant,
    sortKey: row.sort_key as string,
  }));
  return sliceOf(members, window);
}
