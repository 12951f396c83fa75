import { nameKey } from '../../domain/incident/naming.ts';
import type { NameKind } from '../../domain/incident/vocabulary.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Row } from '../database.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { inOrder, type ReadScope } from './scope.ts';
import { type Slice, sliceOf, type Window } from './slice.ts';
import { Statement } from './statement.ts';

/** A service, team or project; what only some kinds have is null for the others. */
export interface NameRow {
  readonly id: string;
  readonly name: string;
  readonly ownerTeamId: string | null;
  readonly tier: number | null;
  readonly runbook: string | null;
  readonly slackChannel: string | null;
}

const tables: Readonly<Record<NameKind, string>> = { SERVICE: 'service', TEAM: 'team', PROJECT: 'project' };

/** The columns of each kind, of its table as `n`. */
const columns: Readonly<Record<NameKind, string>> = {
  SERVICE: 'n.id, n.name, n.owner_team_id, n.tier, n.runbook',
  TEAM: 'n.id, n.name, n.slack_channel',
  PROJECT: 'n.id, n.name',
};

/**
 * Services, teams or projects by id, in the order asked for; for one that was merged into another, the other: whatever
 * says its id means that one.
 */
export async function names(
  scope: ReadScope,
  kind: NameKind,
  ids: readonly string[],
): Promise<(NameRow | null)[]> {
  const table = tables[kind];
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT a.id AS asked, ${columns[kind]} FROM warroom.${table} a
     JOIN warroom.${table} n ON n.organization_id = $1 AND n.id = coalesce(a.merged_into, a.id)
     WHERE a.organization_id = $1 AND a.id = ANY($2::uuid[])`,
    [scope.organizationId, [...new Set(ids)]],
  );
  return inOrder(ids, new Map(rows.map((row) => [row.asked as string, nameOf(row)])));
}

/** Where an entry stands in the list of its kind. */
export function nameCursor({ name }: NameRow): string {
  return encodeCursor([nameKey(name)]);
}

/**
 * A page of services, teams or projects by name, without aliases; `search` (≤ 200 characters) is looked for in the
 * name and in those of its aliases. @throws CursorError
 */
export async function namePage(
  scope: ReadScope,
  kind: NameKind,
  search: string | null,
  window: Window,
): Promise<Slice<NameRow>> {
  const table = tables[kind];
  const statement = new Statement();
  const organization = statement.value(scope.organizationId);
  const conditions = [`n.organization_id = ${organization}`, 'n.merged_into IS NULL'];
  if (search !== null && search.trim() !== '') {
    const wanted = `lower(${statement.value(search.trim())})`;
    conditions.push(`(position(${wanted} IN lower(n.name)) > 0 OR EXISTS (
       SELECT 1 FROM warroom.${table} a WHERE a.organization_id = ${organization} AND a.merged_into = n.id
         AND position(${wanted} IN lower(a.name)) > 0))`);
  }
  if (window.after !== null) {
    conditions.push(`n.name_key > ${statement.value(decodeCursor(window.after, ['text'])[0])}`);
  }
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT ${columns[kind]} FROM warroom.${table} n WHERE ${conditions.join(' AND ')}
     ORDER BY n.name_key LIMIT ${statement.value(window.size + 1)}`,
    statement.parameters,
  );
  return sliceOf(rows.map(nameOf), window);
}

function nameOf(row: Row): NameRow {
  return {
    id: row.id as string,
    name: row.name as string,
    ownerTeamId: (row.owner_team_id as string | null | undefined) ?? null,
    tier: (row.tier as number | null | undefined) ?? null,
    runbook: (row.runbook as string | null | undefined) ?? null,
    slackChannel: (row.slack_channel as string | null | undefined) ?? null,
  };
}

/** Aliases shown of one entry. */
const aliasesAtMost = 100;

/** The names that lead to each entry besides its own, by name; at most 100 each. */
export async function aliasesOf(
  scope: ReadScope,
  kind: NameKind,
  ids: readonly string[],
): Promise<(readonly string[] | null)[]> {
  const rows = await scope.database.asOrganization<{ id: string; names: string[] | null }>(
    scope.organizationId,
    `SELECT asked.id, ARRAY(
       SELECT a.name FROM warroom.${tables[kind]} a
       WHERE a.organization_id = $1 AND a.merged_into = asked.id AND a.name_key IS NOT NULL
       ORDER BY a.name_key LIMIT ${aliasesAtMost}) AS names
     FROM unnest($2::uuid[]) AS asked(id)`,
    [scope.organizationId, [...new Set(ids)]],
  );
  return inOrder(ids, new Map(rows.map((row) => [row.id, row.names ?? []])));
}

/** A member of a team. */
export interface TeamMemberRow {
  readonly teamId: string;
  readonly userId: string;
  readonly since: Instant;
}

/** Where a member stands in the list of a team's members. */
export function teamMemberCursor({ userId }: TeamMemberRow): string {
  return encodeCursor([userId]);
}

/** The same page of the members of many teams, in one statement. @throws CursorError */
export async function teamMembers(
  scope: ReadScope,
  teamIds: readonly string[],
  window: Window,
): Promise<Slice<TeamMemberRow>[]> {
  const statement = new Statement();
  const conditions = [`m.organization_id = ${statement.value(scope.organizationId)}`, 'm.team_id = asked.id'];
  const ids = statement.value([...new Set(teamIds)]);
  if (window.after !== null) {
    conditions.push(`m.user_id > ${statement.value(decodeCursor(window.after, ['text'])[0])}`);
  }
  const rows = await scope.database.asOrganization<{ team_id: string; user_id: string; created_at: Instant }>(
    scope.organizationId,
    `SELECT page.* FROM unnest(${ids}::uuid[]) AS asked(id) CROSS JOIN LATERAL (
       SELECT m.team_id, m.user_id, m.created_at FROM warroom.team_member m WHERE ${conditions.join(' AND ')}
       ORDER BY m.user_id LIMIT ${statement.value(window.size + 1)}
     ) page`,
    statement.parameters,
  );
  const byTeam = new Map<string, TeamMemberRow[]>();
  for (const { team_id: teamId, user_id: userId, created_at: since } of rows) {
    const list = byTeam.get(teamId) ?? [];
    byTeam.set(teamId, list);
    list.push({ teamId, userId, since });
  }
  return teamIds.map((id) => sliceOf(byTeam.get(id) ?? [], window));
}
