import type { EscalationReason, IncidentSeverity, IncidentStatus } from '../../domain/incident/vocabulary.ts';
import { type Instant, plusMinutes } from '../../domain/instant.ts';
import type { ReadScope } from './scope.ts';

/** Counts over the organization's incidents; drills never count, nor what became part of another, which counts. */
export interface IncidentStats {
  readonly open: number;
  /** Open and without an acknowledgement. */
  readonly unacknowledged: number;
  /** As unacknowledged, of SEV1. */
  readonly criticalUnacknowledged: number;
  readonly overdue: number;
  /** Those that block sessions. */
  readonly blockingSessions: number;
  /** Open and without a root cause. */
  readonly withoutRootCause: number;
  readonly byStatus: readonly { readonly status: IncidentStatus; readonly count: number }[];
  /** Open ones. */
  readonly bySeverity: readonly { readonly severity: IncidentSeverity; readonly count: number }[];
  readonly escalations24h: readonly {
    readonly reason: EscalationReason;
    readonly afterMinutes: number | null;
    readonly count: number;
  }[];
}

/** Counts as of `now`, in one statement. */
export async function incidentStats(scope: ReadScope, now: Instant): Promise<IncidentStats> {
  const [row] = await scope.database.asOrganization(
    scope.organizationId,
    `WITH listed AS MATERIALIZED (
       SELECT status, severity, is_open, acknowledged, has_root_cause,
              coalesce(overdue_at <= $2::timestamptz, false) AS overdue, count(*)::int AS count
       FROM warroom.incident_list WHERE organization_id = $1 AND mode = 'STANDARD' AND merged_into IS NULL
       GROUP BY 1, 2, 3, 4, 5, 6
     ), escalated AS (
       SELECT e.reason, e.after_minutes AS "afterMinutes", count(*)::int AS count
       FROM warroom.escalation e JOIN warroom.incident_list l
         ON l.organization_id = $1 AND l.incident_id = e.incident_id AND l.mode = 'STANDARD'
       WHERE e.organization_id = $1 AND e.at > $3::timestamptz AND e.at <= $2::timestamptz
       GROUP BY 1, 2 ORDER BY 1, 2
     )
     SELECT
       coalesce(sum(count) FILTER (WHERE is_open), 0) AS open,
       coalesce(sum(count) FILTER (WHERE is_open AND NOT acknowledged), 0) AS unacknowledged,
       coalesce(sum(count) FILTER (WHERE is_open AND NOT acknowledged AND severity = 'SEV1'), 0) AS critical,
       coalesce(sum(count) FILTER (WHERE overdue), 0) AS overdue,
       (SELECT count(*) FROM warroom.incident i
        WHERE i.organization_id = $1 AND i.gate_blocked_at IS NOT NULL) AS blocking,
       coalesce(sum(count) FILTER (WHERE is_open AND NOT has_root_cause), 0) AS without_root_cause,
       (SELECT json_agg(s) FROM (SELECT status, sum(count)::int AS count FROM listed GROUP BY 1) s)::text AS by_status,
       (SELECT json_agg(s) FROM (
          SELECT severity, sum(count)::int AS count FROM listed WHERE is_open GROUP BY 1) s)::text AS by_severity,
       (SELECT json_agg(escalated) FROM escalated)::text AS escalations
     FROM listed`,
    [scope.organizationId, now, plusMinutes(now, -24 * 60)],
  );
  const list = <T>(json: unknown) => (typeof json === 'string' ? (JSON.parse(json) as T[]) : []);
  return {
    open: Number(row?.open ?? 0),
    unacknowledged: Number(row?.unacknowledged ?? 0),
    criticalUnacknowledged: Number(row?.critical ?? 0),
    overdue: Number(row?.overdue ?? 0),
    blockingSessions: Number(row?.blocking ?? 0),
    withoutRootCause: Number(row?.without_root_cause ?? 0),
    byStatus: list(row?.by_status),
    bySeverity: list(row?.by_severity),
    escalations24h: list(row?.escalations),
  };
}
