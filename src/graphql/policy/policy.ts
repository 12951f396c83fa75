import { type IncidentSeverity, severities } from '../../domain/incident/vocabulary.ts';
import type {
  AccessLogPolicy as AccessLogSource,
  AutoResolvePolicy as AutoResolveSource,
  SessionGatePolicy as GatePolicySource,
  WorkflowGateRule as GateSource,
  Policy,
  EscalationRule as RuleSource,
  RunPolicy as RunPolicySource,
  SlaTarget as TargetSource,
  BurstThreshold as ThresholdSource,
} from '../../domain/policy/policy.ts';
import { builder } from '../builder.ts';
import { DetectionRule } from '../detection/detectionRule.ts';
import { EscalationReasonEnum, IncidentSeverityEnum, WorkflowGateEnum } from '../enums.ts';
import { EscalationTarget } from '../escalation/escalationTarget.ts';
import { MaintenanceWindow } from '../maintenance/maintenanceWindow.ts';

const SlaTarget = builder
  .objectRef<TargetSource & { readonly severity: IncidentSeverity }>('SlaTarget')
  .implement({
    description: 'How fast incidents of one severity must be acknowledged and resolved.',
    fields: (t) => ({
      severity: t.expose('severity', { type: IncidentSeverityEnum, description: 'The severity.' }),
      acknowledgeWithinMinutes: t.exposeInt('acknowledgeWithinMinutes', {
        description: 'Minutes from detection to acknowledgement.',
      }),
      resolveWithinMinutes: t.exposeInt('resolveWithinMinutes', {
        description: 'Minutes from detection (or reopening) to resolution.',
      }),
      atRiskPercent: t.exposeInt('atRiskPercent', {
        description: 'Percent of the time allowed after which it is at risk.',
      }),
    }),
  });

const EscalationRule = builder.objectRef<RuleSource>('EscalationRule').implement({
  description: 'When to call whom.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, unique in the policy.' }),
    reason: t.expose('reason', { type: EscalationReasonEnum, description: 'What it waits for.' }),
    severities: t.expose('severities', {
      type: [IncidentSeverityEnum],
      nullable: true,
      description: 'The severities it applies to; all when null.',
    }),
    afterMinutes: t.exposeInt('afterMinutes', { description: 'Minutes it waits.' }),
    target: t.field({
      type: EscalationTarget,
      description: 'Whom it calls.',
      resolve: ({ target }) => target,
    }),
  }),
});

const WorkflowGateRule = builder.objectRef<GateSource>('WorkflowGateRule').implement({
  description: 'Whether a step must be done. The last rule that names a gate and severity wins.',
  fields: (t) => ({
    gate: t.expose('gate', { type: WorkflowGateEnum, description: 'The step.' }),
    severities: t.expose('severities', {
      type: [IncidentSeverityEnum],
      nullable: true,
      description: 'The severities it applies to; all when null.',
    }),
    required: t.exposeBoolean('required', { description: 'Whether it must be done.' }),
  }),
});

const AutoResolvePolicy = builder.objectRef<AutoResolveSource>('AutoResolvePolicy').implement({
  description: 'When incidents resolve by themselves.',
  fields: (t) => ({
    staleAfterHours: t.exposeInt('staleAfterHours', {
      nullable: true,
      description: 'Hours without activity after which one resolves; null for never.',
    }),
    staleSeverities: t.expose('staleSeverities', {
      type: [IncidentSeverityEnum],
      description: 'The severities that do.',
    }),
    silenceMinutes: t.exposeInt('silenceMinutes', {
      description: 'Minutes of silence that end a burst of runs.',
    }),
    resolveOnClear: t.expose('resolveOnClear', {
      type: [IncidentSeverityEnum],
      description: 'The severities that resolve once their source says so and nothing is firing.',
    }),
  }),
});

const BurstThreshold = builder.objectRef<ThresholdSource>('BurstThreshold').implement({
  description: 'From when on a burst of failed runs is so severe: both counts must be reached.',
  fields: (t) => ({
    severity: t.expose('severity', { type: IncidentSeverityEnum, description: 'How severe it then is.' }),
    errors: t.exposeInt('errors', { description: 'Failed runs.' }),
    targets: t.exposeInt('targets', { description: 'Different targets they failed for.' }),
  }),
});

const SourceThresholds = builder.objectRef<RunPolicySource['sources'][number]>('SourceThresholds').implement({
  description: 'Thresholds of one source, instead of those of all.',
  fields: (t) => ({
    source: t.exposeString('source', { description: 'The source, as runs name it.' }),
    thresholds: t.expose('thresholds', {
      type: [BurstThreshold],
      description: 'Its thresholds; the most severe that is reached counts.',
    }),
  }),
});

const RunPolicy = builder.objectRef<RunPolicySource>('RunPolicy').implement({
  description: 'How severe bursts of failed runs are. Below every threshold a burst is SEV4.',
  fields: (t) => ({
    thresholds: t.expose('thresholds', {
      type: [BurstThreshold],
      description: 'Of every source without its own; the most severe that is reached counts.',
    }),
    sources: t.expose('sources', {
      type: [SourceThresholds],
      description: 'Sources with thresholds of their own.',
    }),
  }),
});

const SessionGatePolicy = builder.objectRef<GatePolicySource>('SessionGatePolicy').implement({
  description:
    'When other systems are told to keep people out because a severe incident stays unacknowledged. Drills never block.',
  fields: (t) => ({
    enabled: t.exposeBoolean('enabled', { description: 'Whether incidents block at all.' }),
    afterMinutes: t.exposeInt('afterMinutes', {
      description: 'Minutes open and unacknowledged until an incident blocks.',
    }),
    severities: t.expose('severities', {
      type: [IncidentSeverityEnum],
      description: 'The severities that block.',
    }),
  }),
});

const AccessLogPolicy = builder.objectRef<AccessLogSource>('AccessLogPolicy').implement({
  description: 'What the access log keeps beyond administration.',
  fields: (t) => ({
    logIncidentReads: t.exposeBoolean('logIncidentReads', {
      description: "Whether people's reads and changes of incidents are kept, too.",
    }),
  }),
});

/** Everything an organization decides about its incidents. */
export const OrganizationPolicy = builder.objectRef<Policy>('OrganizationPolicy').implement({
  description: 'Everything your organization decides about its incidents.',
  fields: (t) => ({
    version: t.exposeInt('version', {
      description: 'Raised by every change; pass it as `expectedVersion`. 1 are the defaults.',
    }),
    sla: t.field({
      type: [SlaTarget],
      description: 'How fast incidents must be acknowledged and resolved, most severe first.',
      resolve: ({ sla }) => severities.map((severity) => ({ severity, ...sla[severity] })),
    }),
    escalationRules: t.expose('escalationRules', {
      type: [EscalationRule],
      description: 'When to call whom.',
    }),
    workflowGates: t.expose('workflowGates', {
      type: [WorkflowGateRule],
      description: 'Which steps must be done before the next.',
    }),
    autoResolve: t.expose('autoResolve', {
      type: AutoResolvePolicy,
      description: 'When incidents resolve by themselves.',
    }),
    overdueAfterMinutes: t.exposeInt('overdueAfterMinutes', {
      description: 'Minutes open and unacknowledged after which an incident is overdue.',
    }),
    acknowledgeNoteRequired: t.exposeBoolean('acknowledgeNoteRequired', {
      description: 'Whether an acknowledgement must say something.',
    }),
    runs: t.expose('runs', { type: RunPolicy, description: 'How severe bursts of failed runs are.' }),
    sessionGate: t.expose('sessionGate', {
      type: SessionGatePolicy,
      description: 'When sessions of other systems are blocked.',
    }),
    detectionRules: t.expose('detectionRules', {
      type: [DetectionRule],
      description: 'What becomes of signals that have no incident yet, in the order the rules are tried.',
    }),
    maintenanceWindows: t.expose('maintenanceWindows', {
      type: [MaintenanceWindow],
      description: 'Planned work, during which signals declare nothing or escalations wait.',
    }),
    accessLog: t.expose('accessLog', {
      type: AccessLogPolicy,
      description: 'What the access log keeps beyond administration.',
    }),
  }),
});
