import { actorKinds, apiKeyScopes, memberRoles } from '../domain/access/actor.ts';
import { errorCodes } from '../domain/errors.ts';
import {
  actionKinds,
  deadlineKinds,
  escalationReasons,
  escalationTargetKinds,
  followUpStatuses,
  incidentRoles,
  modes,
  rootCauseCategories,
  serviceImpacts,
  severities,
  signalTypes,
  slaKinds,
  statuses,
  workflowGates,
  workflowSteps,
} from '../domain/incident/vocabulary.ts';
import { ledgers } from '../domain/ledger/ledger.ts';
import { builder } from './builder.ts';

/**
 * An enum over a vocabulary of the domain, in its order; a value without a description does not compile.
 */
export function describedEnum<const V extends string>(
  name: string,
  description: string,
  values: readonly V[],
  descriptions: Readonly<Record<V, string>>,
) {
  const described = Object.fromEntries(values.map((value) => [value, { description: descriptions[value] }]));
  return builder.enumType(name, { description, values: described as Record<V, { description: string }> });
}

/** See domain/errors.ts: the one registry. */
export const ErrorCodeEnum = describedEnum(
  'ErrorCode',
  'Why something was refused or failed. Codes are never renamed; each has a page in the documentation.',
  Object.keys(errorCodes) as (keyof typeof errorCodes)[],
  errorCodes,
);

export const IncidentSeverityEnum = describedEnum('IncidentSeverity', 'How bad it is.', severities, {
  SEV1: 'Critical: acknowledge within 15 minutes by default.',
  SEV2: 'High: acknowledge within 30 minutes by default.',
  SEV3: 'Medium: acknowledge within 2 hours by default.',
  SEV4: 'Low: acknowledge within 8 hours by default.',
});

export const IncidentStatusEnum = describedEnum(
  'IncidentStatus',
  'Where an incident stands in its life.',
  statuses,
  {
    REPORTED: 'Declared; nobody has taken it yet.',
    ACKNOWLEDGED: 'Somebody has taken it.',
    INVESTIGATING: 'The cause is being looked for.',
    IDENTIFIED: 'A root cause is recorded.',
    MITIGATED: 'The impact is contained; it is being watched.',
    RESOLVED: 'The impact is over.',
    CLOSED: 'Learned from and done; only notes, tags, tickets, actions and visibility may still change.',
    CANCELLED: 'It was none: a duplicate or a false alarm.',
  },
);

export const IncidentModeEnum = describedEnum('IncidentMode', 'Whether it is real.', modes, {
  STANDARD: 'A real incident.',
  DRILL: 'An exercise: pages carry its mark, statistics leave it out.',
});

export const WorkflowGateEnum = describedEnum(
  'WorkflowGate',
  'Something that must be recorded before the next step, where the policy requires it.',
  workflowGates,
  {
    ACKNOWLEDGEMENT: 'Somebody acknowledged it; before a root cause and before resolving.',
    ROOT_CAUSE: 'A root cause is recorded; before resolving.',
    ROOT_CAUSE_VERIFIED: 'The root cause is verified; before resolving. Off by default.',
    LESSONS_LEARNED: 'Lessons are recorded; before closing.',
    FOLLOW_UPS: 'Follow-ups are recorded, or why there are none; before closing.',
  },
);

export const WorkflowStepEnum = describedEnum(
  'WorkflowStep',
  'What the workflow asks a person to do next.',
  workflowSteps,
  {
    ACKNOWLEDGE: 'Acknowledge the incident.',
    RECORD_ROOT_CAUSE: 'Record the root cause.',
    VERIFY_ROOT_CAUSE: 'Verify the recorded root cause.',
    RESOLVE: 'Resolve the incident.',
    RECORD_LESSONS: 'Record the lessons learned and the follow-ups.',
    CLOSE: 'Close the incident.',
  },
);

export const RootCauseCategoryEnum = describedEnum(
  'RootCauseCategory',
  'What kind of cause it was.',
  rootCauseCategories,
  {
    USER_ERROR: 'Somebody used or operated it wrongly.',
    SYSTEM_DEFECT: 'A defect of our own software.',
    EXTERNAL_DEPENDENCY: 'Something we depend on failed.',
    CONFIGURATION: 'It was configured wrongly.',
    SECURITY: 'An attack or a vulnerability.',
    UNKNOWN: 'Not known, and recorded as such.',
  },
);

export const IncidentRoleEnum = describedEnum(
  'IncidentRole',
  'A role a user has on an incident.',
  incidentRoles,
  {
    COMMANDER: 'Leads the response and decides.',
    TECH_LEAD: 'Leads the technical work.',
    COMMS_LEAD: 'Speaks to everybody outside the response.',
  },
);

export const ServiceImpactEnum = describedEnum(
  'ServiceImpact',
  'How a service is affected.',
  serviceImpacts,
  {
    TOTAL_OUTAGE: 'It does not work at all.',
    PARTIAL_OUTAGE: 'Part of it, or for part of its users, does not work.',
    DEGRADED: 'It works, but slowly or with errors.',
  },
);

export const FollowUpStatusEnum = describedEnum(
  'FollowUpStatus',
  'How far a follow-up is.',
  followUpStatuses,
  {
    OPEN: 'Not started.',
    IN_PROGRESS: 'Being worked on.',
    DONE: 'Done.',
  },
);

export const MemberRoleEnum = describedEnum(
  'MemberRole',
  'What a member or API key may do; each role includes all that come after it.',
  memberRoles,
  {
    ORG_ADMIN: 'Policies, keys, members and the organization.',
    SRE_LEAD: 'Severity, cancelling and visibility.',
    ONCALL_ENGINEER: 'Acknowledge, status, root cause, resolve, close, reopen, assign and edit.',
    MEMBER: 'Declare, notes, actions, signals, tags, tickets and manual escalation.',
    VIEWER: 'Read.',
  },
);

export const ApiKeyScopeEnum = describedEnum(
  'ApiKeyScope',
  'What an API key may be used for; its permission is its role and its scopes together.',
  apiKeyScopes,
  {
    READ: 'Queries and subscriptions.',
    RESPOND: 'Mutations of incidents.',
    INGEST: 'Connectors and reports only; given alone. Such a key acts as INTEGRATION.',
    ADMIN: 'Policies, keys, members and the administration ledger.',
    GATE: 'Asking whether a user is blocked; given alone.',
  },
);

export const ActorKindEnum = describedEnum('ActorKind', 'What kind of actor did something.', actorKinds, {
  USER: 'A person signed in.',
  API_KEY: 'A program acting for people with an API key.',
  INTEGRATION: 'A connector, with an API key of scope INGEST.',
  SYSTEM: 'Warroom itself, on time or by policy.',
});

export const SlaKindEnum = describedEnum('SlaKind', 'Which promise of time.', slaKinds, {
  ACKNOWLEDGE: 'Acknowledged in time.',
  RESOLVE: 'Resolved in time.',
});

export const DeadlineKindEnum = describedEnum(
  'DeadlineKind',
  'What happens by itself at an instant.',
  deadlineKinds,
  {
    ACKNOWLEDGE_SLA_AT_RISK: 'The acknowledge SLA becomes at risk.',
    ACKNOWLEDGE_SLA: 'The acknowledge SLA is breached.',
    RESOLVE_SLA_AT_RISK: 'The resolve SLA becomes at risk.',
    RESOLVE_SLA: 'The resolve SLA is breached.',
    ESCALATION: 'An escalation rule fires.',
    AUTO_RESOLVE_WARNING: 'A warning that it will resolve by itself in an hour.',
    AUTO_RESOLVE: 'It resolves by itself.',
    SESSION_GATE: 'The session gate begins to block.',
  },
);

export const EscalationReasonEnum = describedEnum(
  'EscalationReason',
  'Why it escalated.',
  escalationReasons,
  {
    NO_ACK: 'Nobody acknowledged it in time.',
    NO_ROOT_CAUSE: 'No root cause was recorded in time.',
    MANUAL: 'Somebody asked for it.',
    SEVERITY_RAISED: 'Its severity was raised.',
  },
);

export const EscalationTargetKindEnum = describedEnum(
  'EscalationTargetKind',
  'Whom an escalation goes to.',
  escalationTargetKinds,
  {
    ON_CALL: 'Whoever is on call; level 1.',
    SUPERVISOR: 'The supervisor; level 2.',
    DIRECTOR: 'The director; level 3.',
    SLACK: 'The Slack channel; does not raise the level.',
  },
);

export const SignalTypeEnum = describedEnum(
  'SignalType',
  'What kind of observation a signal is.',
  signalTypes,
  {
    METRIC: 'A measured value.',
    LOG: 'A log line.',
    TRACE: 'A trace or span.',
    ALERT: 'An alert of a monitoring system.',
    ERROR: 'A reported error.',
    RUN: 'A run of a job.',
    HEALTH_CHECK: 'The outcome of a health check.',
    SLO: 'The state of a service level objective.',
    CUSTOM: 'Anything else.',
  },
);

export const ActionKindEnum = describedEnum('ActionKind', 'What kind of action was taken.', actionKinds, {
  NOTE: 'A note; written to the timeline.',
  COMMAND: 'A command somebody ran.',
  PLAYBOOK: 'A step of a playbook.',
  BULK: 'An action on many targets.',
  SAFE_ACTION: 'A reversible action from the allow-list.',
  APPROVED_ACTION: 'An action a person approved.',
  PAGE: 'Somebody was paged.',
  CUSTOM: 'Anything else.',
});

export const LedgerEnum = describedEnum('Ledger', 'The two ledgers of an organization.', ledgers, {
  INCIDENTS: 'Everything that happened to incidents: 1, 2, 3 … without a gap.',
  ADMINISTRATION: 'Policies, members and keys; for administrators.',
});

export const OrderDirectionEnum = describedEnum('OrderDirection', 'Which end comes first.', ['ASC', 'DESC'], {
  ASC: 'Smallest or oldest first; for severity the most severe first.',
  DESC: 'Largest or newest first; for severity the least severe first.',
});
