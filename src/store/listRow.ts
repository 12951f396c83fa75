import type { IncidentRecord, IncidentState } from '../domain/incident/state.ts';
import { isOpen, severities } from '../domain/incident/vocabulary.ts';
import { type Instant, plusMinutes } from '../domain/instant.ts';
import type { Policy } from '../domain/policy/policy.ts';

/** The columns of `incident_list`, without the keys. */
export type ListRow = Readonly<Record<string, string | number | boolean | null>>;

/** What lists filter and sort this incident by. */
export function listRowOf(state: IncidentState, policy: Policy): ListRow {
  return {
    status: state.status,
    severity: state.severity,
    severity_rank: severities.indexOf(state.severity) + 1,
    mode: state.mode,
    title: state.title,
    source: state.source,
    type: state.type,
    environment: state.environment,
    service_id: state.serviceId,
    project_id: state.projectId,
    owner_team_id: state.ownerTeamId,
    assignee_id: state.assigneeId,
    is_open: isOpen(state.status),
    acknowledged: state.acknowledgement !== null,
    has_notes: state.notes !== '',
    has_root_cause: state.rootCause !== null,
    sla_breached: state.acknowledgeSla.breachedAt !== null || state.resolveSla.breachedAt !== null,
    overdue_at: overdueAt(state, policy),
    detected_at: state.detectedAt,
    reported_at: state.reportedAt,
    ended_at: state.endedAt,
    resolved_at: state.resolvedAt,
    merged_into: state.mergedInto?.incidentId ?? null,
  };
}

/**
 * The row to write after a change, or null when no column changed. Under another policy than the incident was last
 * decided under, the row is always written: `overdue_at` may have moved without an event.
 */
export function changedListRow(
  before: Pick<IncidentRecord, 'state' | 'policyVersion'> | null,
  after: IncidentState,
  policy: Policy,
): ListRow | null {
  const row = listRowOf(after, policy);
  if (before === null || before.policyVersion !== policy.version) return row;
  const was = listRowOf(before.state, policy);
  return Object.keys(row).some((column) => row[column] !== was[column]) ? row : null;
}

/** Null when it cannot become overdue: acknowledged, or not open. */
function overdueAt(state: IncidentState, policy: Policy): Instant | null {
  if (state.acknowledgement !== null || !isOpen(state.status)) return null;
  return plusMinutes(state.unacknowledgedAt ?? state.reportedAt, policy.overdueAfterMinutes);
}
