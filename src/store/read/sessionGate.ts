import type { MemberRole } from '../../domain/access/actor.ts';
import { type BlockingIncident, blockedBy, type GateMember } from '../../domain/access/blockedBy.ts';
import type { IncidentSeverity } from '../../domain/incident/vocabulary.ts';
import type { Instant } from '../../domain/instant.ts';
import { inOrder, type ReadScope } from './scope.ts';

/** The most incidents looked at; of more, the longest blocking count. */
const blockingAtMost = 200;

/** How the session gate stands with a member: open, or blocked by an incident. */
export interface GateStanding {
  readonly userId: string;
  readonly blocking: BlockingIncident | null;
}

interface BlockingRow extends Record<string, unknown> {
  readonly id: string;
  readonly number: number;
  readonly gate_blocked_at: Instant;
  readonly title: string;
  readonly severity: IncidentSeverity;
  readonly responders: readonly (string | null)[];
}

/** The incidents that block sessions now, the longest blocking first; at most 200. */
export async function blockingIncidents(scope: ReadScope): Promise<readonly BlockingIncident[]> {
  const rows = await scope.database.asOrganization<BlockingRow>(
    scope.organizationId,
    `SELECT i.id, i.number, i.gate_blocked_at, s.title, s.severity,
       ARRAY[s."commanderId", s."techLeadId", s."commsLeadId", s."assigneeId"] AS responders
     FROM warroom.incident i CROSS JOIN LATERAL json_to_record(i.state::json) AS s (
       title text, severity text, "commanderId" text, "techLeadId" text, "commsLeadId" text, "assigneeId" text)
     WHERE i.organization_id = $1 AND i.gate_blocked_at IS NOT NULL
     ORDER BY i.gate_blocked_at, i.id LIMIT ${blockingAtMost}`,
    [scope.organizationId],
  );
  return rows.map((row) => ({
    incidentId: row.id,
    number: row.number,
    title: row.title,
    severity: row.severity,
    blockedAt: row.gate_blocked_at,
    responders: row.responders.filter((userId) => userId !== null),
  }));
}

/** The member of this user id, or of this email address in whatever case; null when nobody here is. */
export async function gateMember(scope: ReadScope, idOrEmail: string): Promise<GateMember | null> {
  const [row] = await scope.database.asOrganization<{ user_id: string; role: MemberRole }>(
    scope.organizationId,
    `SELECT m.user_id, m.role FROM warroom.membership m WHERE m.organization_id = $1 AND m.user_id = $2
     UNION ALL
     SELECT m.user_id, m.role FROM warroom.users u
     JOIN warroom.membership m ON m.organization_id = $1 AND m.user_id = u.id
     WHERE u.email IN ($2, $3)
     LIMIT 1`,
    [scope.organizationId, idOrEmail, idOrEmail.toLowerCase()],
  );
  return row === undefined ? null : { userId: row.user_id, role: row.role };
}

/** How the gate stands with these users, in the order asked for, in two statements; null for who is no member. */
export async function gateStandings(
  scope: ReadScope,
  userIds: readonly string[],
): Promise<(GateStanding | null)[]> {
  const [rows, blocking] = await Promise.all([
    scope.database.asOrganization<{ user_id: string; role: MemberRole }>(
      scope.organizationId,
      'SELECT user_id, role FROM warroom.membership WHERE organization_id = $1 AND user_id = ANY($2::text[])',
      [scope.organizationId, [...new Set(userIds)]],
    ),
    blockingIncidents(scope),
  ]);
  const standings = rows.map(({ user_id: userId, role }): [string, GateStanding] => [
    userId,
    { userId, blocking: blockedBy({ userId, role }, blocking) },
  ]);
  return inOrder(userIds, new Map(standings));
}
