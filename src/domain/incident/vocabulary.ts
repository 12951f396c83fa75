/** The closed vocabularies of an incident. Order matters where a docstring says so; names never change. */

/** Most severe first. */
export const severities = ['SEV1', 'SEV2', 'SEV3', 'SEV4'] as const;
export type IncidentSeverity = (typeof severities)[number];

/** In the order an incident usually passes them; CANCELLED stands apart. */
export const statuses = [
  'REPORTED',
  'ACKNOWLEDGED',
  'INVESTIGATING',
  'IDENTIFIED',
  'MITIGATED',
  'RESOLVED',
  'CLOSED',
  'CANCELLED',
] as const;
export type IncidentStatus = (typeof statuses)[number];

/** A DRILL pages only with its mark, never counts and never blocks. */
export const modes = ['STANDARD', 'DRILL'] as const;
export type IncidentMode = (typeof modes)[number];

/** What must be recorded before a step of the workflow. */
export const workflowGates = [
  'ACKNOWLEDGEMENT',
  'ROOT_CAUSE',
  'ROOT_CAUSE_VERIFIED',
  'LESSONS_LEARNED',
  'FOLLOW_UPS',
] as const;
export type WorkflowGate = (typeof workflowGates)[number];

/** What the workflow may ask for next. */
export const workflowSteps = [
  'ACKNOWLEDGE',
  'RECORD_ROOT_CAUSE',
  'VERIFY_ROOT_CAUSE',
  'RESOLVE',
  'RECORD_LESSONS',
  'CLOSE',
] as const;
export type WorkflowStep = (typeof workflowSteps)[number];

/** Kinds of root cause, for statistics. */
export const rootCauseCategories = [
  'USER_ERROR',
  'SYSTEM_DEFECT',
  'EXTERNAL_DEPENDENCY',
  'CONFIGURATION',
  'SECURITY',
  'UNKNOWN',
] as const;
export type RootCauseCategory = (typeof rootCauseCategories)[number];

/** Who leads what in an incident. */
export const incidentRoles = ['COMMANDER', 'TECH_LEAD', 'COMMS_LEAD'] as const;
export type IncidentRole = (typeof incidentRoles)[number];

/** How badly a service is hit, worst first. */
export const serviceImpacts = ['TOTAL_OUTAGE', 'PARTIAL_OUTAGE', 'DEGRADED'] as const;
export type ServiceImpact = (typeof serviceImpacts)[number];

/** How far a follow-up is. */
export const followUpStatuses = ['OPEN', 'IN_PROGRESS', 'DONE'] as const;
export type FollowUpStatus = (typeof followUpStatuses)[number];

/** The two promises of an SLA. */
export const slaKinds = ['ACKNOWLEDGE', 'RESOLVE'] as const;
export type SlaKind = (typeof slaKinds)[number];

/** What the scheduler may have to do at an instant. */
export const deadlineKinds = [
  'ACKNOWLEDGE_SLA_AT_RISK',
  'ACKNOWLEDGE_SLA',
  'RESOLVE_SLA_AT_RISK',
  'RESOLVE_SLA',
  'ESCALATION',
  'AUTO_RESOLVE_WARNING',
  'AUTO_RESOLVE',
  'SESSION_GATE',
] as const;
export type DeadlineKind = (typeof deadlineKinds)[number];

/** What ended the block of sessions by an incident. */
export const sessionGateReleases = [
  'ACKNOWLEDGED',
  'RESOLVED',
  'CANCELLED',
  'SEVERITY_CHANGED',
  'POLICY_CHANGED',
] as const;
export type SessionGateRelease = (typeof sessionGateReleases)[number];

/** Why an escalation happened. */
export const escalationReasons = ['NO_ACK', 'NO_ROOT_CAUSE', 'MANUAL', 'SEVERITY_RAISED'] as const;
export type EscalationReason = (typeof escalationReasons)[number];

/** Whom an escalation is for. */
export const escalationTargetKinds = ['ON_CALL', 'SUPERVISOR', 'DIRECTOR', 'SLACK'] as const;
export type EscalationTargetKind = (typeof escalationTargetKinds)[number];

/** What kind of observation a signal is. */
export const signalTypes = [
  'METRIC',
  'LOG',
  'TRACE',
  'ALERT',
  'ERROR',
  'RUN',
  'HEALTH_CHECK',
  'SLO',
  'CUSTOM',
] as const;
export type SignalType = (typeof signalTypes)[number];

/** What kind of act an action records. */
export const actionKinds = [
  'NOTE',
  'COMMAND',
  'PLAYBOOK',
  'BULK',
  'SAFE_ACTION',
  'APPROVED_ACTION',
  'PAGE',
  'CUSTOM',
] as const;
export type ActionKind = (typeof actionKinds)[number];

/** The kinds of name made on first use. */
export const nameKinds = ['SERVICE', 'TEAM', 'PROJECT'] as const;
export type NameKind = (typeof nameKinds)[number];

/** Open = before RESOLVED, and not CANCELLED. */
export function isOpen(status: IncidentStatus): boolean {
  return status !== 'RESOLVED' && status !== 'CLOSED' && status !== 'CANCELLED';
}
