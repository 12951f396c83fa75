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

export const modes = ['STANDARD', 'DRILL'] as const;
export type IncidentMode = (typeof modes)[number];

export const workflowGates = [
  'ACKNOWLEDGEMENT',
  'ROOT_CAUSE',
  'ROOT_CAUSE_VERIFIED',
  'LESSONS_LEARNED',
  'FOLLOW_UPS',
] as const;
export type WorkflowGate = (typeof workflowGates)[number];

export const workflowSteps = [
  'ACKNOWLEDGE',
  'RECORD_ROOT_CAUSE',
  'VERIFY_ROOT_CAUSE',
  'RESOLVE',
  'RECORD_LESSONS',
  'CLOSE',
] as const;
export type WorkflowStep = (typeof workflowSteps)[number];

export const rootCauseCategories = [
  'USER_ERROR',
  'SYSTEM_DEFECT',
  'EXTERNAL_DEPENDENCY',
  'CONFIGURATION',
  'SECURITY',
  'UNKNOWN',
] as const;
export type RootCauseCategory = (typeof rootCauseCategories)[number];

export const incidentRoles = ['COMMANDER', 'TECH_LEAD', 'COMMS_LEAD'] as const;
export type IncidentRole = (typeof incidentRoles)[number];

export const serviceImpacts = ['TOTAL_OUTAGE', 'PARTIAL_OUTAGE', 'DEGRADED'] as const;
export type ServiceImpact = (typeof serviceImpacts)[number];

export const followUpStatuses = ['OPEN', 'IN_PROGRESS', 'DONE'] as const;
export type FollowUpStatus = (typeof followUpStatuses)[number];

export const slaKinds = ['ACKNOWLEDGE', 'RESOLVE'] as const;
export type SlaKind = (typeof slaKinds)[number];

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

export const escalationReasons = ['NO_ACK', 'NO_ROOT_CAUSE', 'MANUAL', 'SEVERITY_RAISED'] as const;
export type EscalationReason = (typeof escalationReasons)[number];

export const escalationTargetKinds = ['ON_CALL', 'SUPERVISOR', 'DIRECTOR', 'SLACK'] as const;
export type EscalationTargetKind = (typeof escalationTargetKinds)[number];

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
