import type { Actor, ActorKind, MemberRole } from '../../domain/access/actor.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Row } from '../database.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { inOrder, type ReadScope } from './scope.ts';
import { type Slice, sliceOf, type Window } from './slice.ts';
import { Statement } from './statement.ts';

/** A person who is a member of the organization, or was one. */
export interface UserRow {
  readonly id: string;
  readonly name: string;
  /** Null for whoever is a member no longer: their address is none of the organization's business. */
  readonly email: string | null;
  readonly isMember: boolean;
}

/** A membership with its person. */
export interface MemberRow {
  readonly user: UserRow;
  readonly role: MemberRole;
  readonly since: Instant;
  /** Who sent the invitation they accepted; null for whoever founded the organization. */
  readonly invitedBy: Actor | null;
  /** Name in lower case: what the list is sorted by. */
  readonly sortKey: string;
}

/** Users by id, in the order asked for; null for whoever never was a member. */
export async function users(scope: ReadScope, ids: readonly string[]): Promise<(UserRow | null)[]> {
  const rows = await scope.database.asOrganization<{ id: string; name: string; email: string | null }>(
    scope.organizationId,
    `SELECT u.id, u.name, CASE WHEN m.user_id IS NOT NULL THEN u.email END AS email
     FROM warroom.users u
     LEFT JOIN warroom.membership m ON m.organization_id = $1 AND m.user_id = u.id
     WHERE u.id = ANY($2::text[])`,
    [scope.organizationId, [...new Set(ids)]],
  );
  const people = rows.map((row): [string, UserRow] => [row.id, { ...row, isMember: row.email !== null }]);
  return inOrder(ids, new Map(people));
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
    `${memberStatement} WHERE ${conditions.join(' AND ')}
     ORDER BY lower(u.name), u.id LIMIT ${statement.value(window.size + 1)}`,
    statement.parameters,
  );
  return sliceOf(rows.map(memberOf), window);
}

/** Members by their user's id, in the order asked for; null for whoever is none (any more). */
export async function members(scope: ReadScope, ids: readonly string[]): Promise<(MemberRow | null)[]> {
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `${memberStatement} WHERE m.organization_id = $1 AND m.user_id = ANY($2::text[])`,
    [scope.organizationId, [...new Set(ids)]],
  );
  return inOrder(ids, new Map(rows.map((row) => [row.id as string, memberOf(row)])));
}

const memberStatement = `SELECT u.id, u.name, u.email, m.role, m.created_at, lower(u.name) AS sort_key,
    i.invited_by_kind, i.invited_by_id, i.invited_by_role
  FROM warroom.membership m JOIN warroom.users u ON u.id = m.user_id
  LEFT JOIN warroom.invitation i ON i.organization_id = m.organization_id AND i.id = m.invitation_id`;

function memberOf(row: Row): MemberRow {
  const kind = row.invited_by_kind as ActorKind | null;
  return {
    user: { id: row.id as string, name: row.name as string, email: row.email as string, isMember: true },
    role: row.role as MemberRole,
    since: row.created_at as Instant,
    invitedBy: kind && {
      kind,
      id: row.invited_by_id as string | null,
      role: row.invited_by_role as MemberRole | null,
    },
    sortKey: row.sort_key as string,
  };
}
