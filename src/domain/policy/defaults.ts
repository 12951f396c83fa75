import type { BurstThreshold, EscalationRule, Policy, SlaTarget, WorkflowGateRule } from './policy.ts';

const hours = 60;

/** Acknowledge 15/30/120/480 min, resolve 4/8/24/72 h, at risk at 80 %. Source: rules.md, Clocks. */
const sla: Policy['sla'] = {
  SEV1: slaTarget(15, 4 * hours),
  SEV2: slaTarget(30, 8 * hours),
  SEV3: slaTarget(120, 24 * hours),
  SEV4: slaTarget(480, 72 * hours),
};

/** Source: rules.md, Clocks. Names are what the ledger keeps of a rule that fired, so they never change. */
const escalationRules: readonly EscalationRule[] = [
  { name: 'sev1-no-ack-5m', reason: 'NO_ACK', severities: ['SEV1'], afterMinutes: 5, target: 'ON_CALL' },
  { name: 'sev2-no-ack-10m', reason: 'NO_ACK', severities: ['SEV2'], afterMinutes: 10, target: 'SLACK' },
  { name: 'no-ack-1h', reason: 'NO_ACK', severities: null, afterMinutes: hours, target: 'ON_CALL' },
  { name: 'no-ack-4h', reason: 'NO_ACK', severities: null, afterMinutes: 4 * hours, target: 'SUPERVISOR' },
  {
    name: 'no-root-cause-24h',
    reason: 'NO_ROOT_CAUSE',
    severities: null,
    afterMinutes: 24 * hours,
    target: 'DIRECTOR',
  },
  {
    name: 'severity-raised',
    reason: 'SEVERITY_RAISED',
    severities: ['SEV1', 'SEV2'],
    afterMinutes: 0,
    target: 'ON_CALL',
  },
];

/** 8 errors on 3 targets are SEV1. Source: rules.md, Detection. */
const burstThresholds: readonly BurstThreshold[] = [
  { severity: 'SEV1', errors: 8, targets: 3 },
  { severity: 'SEV2', errors: 4, targets: 2 },
  { severity: 'SEV3', errors: 1, targets: 1 },
];

const workflowGates: readonly WorkflowGateRule[] = [
  { gate: 'ACKNOWLEDGEMENT', severities: null, required: true },
  { gate: 'ROOT_CAUSE', severities: null, required: true },
  { gate: 'ROOT_CAUSE_VERIFIED', severities: null, required: false },
  { gate: 'LESSONS_LEARNED', severities: null, required: true },
  { gate: 'FOLLOW_UPS', severities: null, required: true },
];

/** What an organization starts with, as policy version 1. Every change an organization makes adds a version to it. */
export const defaultPolicy: Policy = {
  version: 1,
  sla,
  escalationRules,
  workflowGates,
  autoResolve: {
    staleAfterHours: 24,
    staleSeverities: ['SEV3', 'SEV4'],
    silenceMinutes: 5,
    resolveOnClear: ['SEV3', 'SEV4'],
  },
  overdueAfterMinutes: hours,
  acknowledgeNoteRequired: false,
  /** Off; once on, 2 h and SEV1. Source: rules.md, Session gate. */
  sessionGate: { enabled: false, afterMinutes: 2 * hours, severities: ['SEV1'] },
  runs: { thresholds: burstThresholds, sources: [] },
  accessLog: { logIncidentReads: false },
  detectionRules: [],
  actionWebhooks: [],
  maintenanceWindows: [],
};

function slaTarget(acknowledgeWithinMinutes: number, resolveWithinMinutes: number): SlaTarget {
  return { acknowledgeWithinMinutes, resolveWithinMinutes, atRiskPercent: 80 };
}
