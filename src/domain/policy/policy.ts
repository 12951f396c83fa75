import type { ActionWebhook } from '../bulkAction/actionWebhook.ts';
import type { DetectionRule } from '../detection/detectionRule.ts';
import type {
  EscalationReason,
  EscalationTargetKind,
  IncidentSeverity,
  WorkflowGate,
} from '../incident/vocabulary.ts';
import type { MaintenanceWindow } from '../maintenance/maintenanceWindow.ts';

/** How fast incidents of one severity must be acknowledged and resolved. Minutes, 1 to 525,600 (a year). */
export interface SlaTarget {
  readonly acknowledgeWithinMinutes: number;
  readonly resolveWithinMinutes: number;
  /** Percent of the time allowed after which the SLA is at risk; 1 to 99. */
  readonly atRiskPercent: number;
}

/** One rule of escalation. `name` identifies it: unique in the policy, 1–80 characters. */
export interface EscalationRule {
  readonly name: string;
  readonly reason: EscalationReason;
  /** The severities it applies to; all four when null. At most 9 rules apply to one severity. */
  readonly severities: readonly IncidentSeverity[] | null;
  /** Minutes after the base instant of its reason, 0 to 525,600; 0 for SEVERITY_RAISED. */
  readonly afterMinutes: number;
  readonly target: EscalationTargetKind;
}

/** Whether a step must be done, per severity. The last rule that names a gate and severity wins. */
export interface WorkflowGateRule {
  readonly gate: WorkflowGate;
  readonly severities: readonly IncidentSeverity[] | null;
  readonly required: boolean;
}

/** When incidents nobody works on resolve by themselves. */
export interface AutoResolvePolicy {
  /** Hours without activity before an incident of `staleSeverities` resolves itself; 1 to 8,760; null never. */
  readonly staleAfterHours: number | null;
  readonly staleSeverities: readonly IncidentSeverity[];
  /** Minutes of silence that end a burst of runs; 1 to 1,440. */
  readonly silenceMinutes: number;
  /** Severities a connector's own "resolved" may resolve once nothing is firing. */
  readonly resolveOnClear: readonly IncidentSeverity[];
}

/** Whether other systems keep people out while a severe incident waits to be acknowledged, and from when. */
export interface SessionGatePolicy {
  readonly enabled: boolean;
  /** Minutes open and unacknowledged until an incident blocks; 1 to 525,600. */
  readonly afterMinutes: number;
  /** The severities that block; at least one. */
  readonly severities: readonly IncidentSeverity[];
}

/** From when on a burst of failed runs is so severe: both counts must be reached. */
export interface BurstThreshold {
  readonly severity: IncidentSeverity;
  /** Failed runs, 1 to 1,000,000. */
  readonly errors: number;
  /** Different targets they failed for, 1 to 1,000,000. */
  readonly targets: number;
}

/** How severe bursts of runs are: the most severe threshold that is reached. */
export interface RunPolicy {
  /** Of every source without its own; at most 50. */
  readonly thresholds: readonly BurstThreshold[];
  /** Sources with thresholds of their own; at most 50, each once. */
  readonly sources: readonly { readonly source: string; readonly thresholds: readonly BurstThreshold[] }[];
}

/** What the access log keeps beyond administration. */
export interface AccessLogPolicy {
  /** Whether people's reads and changes of incidents are kept, too. */
  readonly logIncidentReads: boolean;
}

/** Everything an organization decides about its incidents. Version 1 is the defaults; every change adds one. */
export interface Policy {
  readonly version: number;
  readonly sla: Readonly<Record<IncidentSeverity, SlaTarget>>;
  readonly escalationRules: readonly EscalationRule[];
  readonly workflowGates: readonly WorkflowGateRule[];
  readonly autoResolve: AutoResolvePolicy;
  /** Minutes open and unacknowledged until an incident counts as overdue; 1 to 525,600. */
  readonly overdueAfterMinutes: number;
  readonly acknowledgeNoteRequired: boolean;
  readonly sessionGate: SessionGatePolicy;
  readonly runs: RunPolicy;
  readonly accessLog: AccessLogPolicy;
  /** What becomes of signals that have no incident yet, in the order they are tried; at most 100. */
  readonly detectionRules: readonly DetectionRule[];
  /** Where sources take actions on their targets, by name; at most 50. */
  readonly actionWebhooks: readonly ActionWebhook[];
  /** Planned work; at most 50. */
  readonly maintenanceWindows: readonly MaintenanceWindow[];
}
