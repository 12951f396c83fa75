import type { MemberRole } from '../../src/domain/access/actor.ts';
import type { IncidentStatus } from '../../src/domain/incident/vocabulary.ts';

/** What every case may refer to: made before the mutation runs. */
export interface CaseIds {
  /** Global id of the incident it is about. */
  readonly incidentId: string;
  /** Global id of a member. */
  readonly userId: string;
  /** Ledger sequence of the incident's declaration. */
  readonly declaredAt: number;
  /** Global id of an API key of scope INGEST. */
  readonly apiKeyId: string;
  /** Global id of a member who is no administrator. */
  readonly memberId: string;
  /** Global id of an open invitation. */
  readonly invitationId: string;
  /** Global ids of two entries of each kind; `memberId` is in the first team. */
  readonly teamIds: readonly [string, string];
  readonly serviceIds: readonly [string, string];
  readonly projectIds: readonly [string, string];
}

/** Ids that lead nowhere, for cases that need none. */
export const noIds: CaseIds = {
  incidentId: '',
  userId: '',
  declaredAt: 1,
  apiKeyId: '',
  memberId: '',
  invitationId: '',
  teamIds: ['', ''],
  serviceIds: ['', ''],
  projectIds: ['', ''],
};

/** One mutation on an incident, done right. */
export interface MutationCase {
  /** The status the incident must have before. */
  readonly from: IncidentStatus;
  readonly input: (ids: CaseIds) => Record<string, unknown>;
  /** The events it writes. */
  readonly events: readonly string[];
  /** Input that cannot be accepted, and the paths that must be named; null when every input is acceptable. */
  readonly invalid: { readonly input: Record<string, unknown>; readonly paths: readonly string[] } | null;
  /** The lowest role that may. Source: rules.md. */
  readonly role: MemberRole;
  /** A status from which it is refused with InvalidTransitionError; null when it may always. */
  readonly refusedFrom: IncidentStatus | null;
}

const long = (length: number): string => 'x'.repeat(length);

/** Every mutation on an incident that exists. */
export const incidentCases: Readonly<Record<string, MutationCase>> = {
  updateIncident: {
    from: 'REPORTED',
    input: () => ({ title: 'Checkout answers 502', service: 'checkout', impact: null }),
    events: ['INCIDENT_UPDATED'],
    invalid: {
      input: { title: null, impact: long(1_001), runbook: long(501) },
      paths: ['title', 'impact', 'runbook'],
    },
    role: 'ONCALL_ENGINEER',
    refusedFrom: 'CANCELLED',
  },
  acknowledgeIncident: {
    from: 'REPORTED',
    input: () => ({ note: 'Looking' }),
    events: ['INCIDENT_ACKNOWLEDGED'],
    invalid: { input: { note: long(1_001) }, paths: ['note'] },
    role: 'ONCALL_ENGINEER',
    refusedFrom: 'CANCELLED',
  },
  unacknowledgeIncident: {
    from: 'ACKNOWLEDGED',
    input: () => ({ reason: 'Not mine' }),
    events: ['INCIDENT_UNACKNOWLEDGED'],
    invalid: { input: { reason: long(1_001) }, paths: ['reason'] },
    role: 'ONCALL_ENGINEER',
    refusedFrom: 'IDENTIFIED',
  },
  snoozeIncident: {
    from: 'REPORTED',
    input: () => ({ until: '2026-03-20T12:00:00.000Z', reason: 'Known' }),
    events: ['INCIDENT_SNOOZED'],
    invalid: {
      input: { until: '9999-01-01T00:00:00.000Z', reason: long(1_001) },
      paths: ['reason', 'until'],
    },
    role: 'ONCALL_ENGINEER',
    refusedFrom: 'RESOLVED',
  },
  changeIncidentStatus: {
    from: 'REPORTED',
    input: () => ({ status: 'INVESTIGATING', message: 'On it', isPublic: true }),
    events: ['INCIDENT_ACKNOWLEDGED', 'INCIDENT_STATUS_CHANGED'],
    invalid: { input: { status: 'RESOLVED', message: long(7_001) }, paths: ['message', 'status'] },
    role: 'ONCALL_ENGINEER',
    refusedFrom: 'RESOLVED',
  },
  changeIncidentSeverity: {
    from: 'REPORTED',
    input: () => ({ severity: 'SEV4', reason: 'Nobody noticed' }),
    events: ['INCIDENT_SEVERITY_CHANGED'],
    invalid: { input: { severity: 'SEV2', reason: '  ' }, paths: ['reason'] },
    role: 'SRE_LEAD',
    refusedFrom: 'RESOLVED',
  },
  recordRootCause: {
    from: 'ACKNOWLEDGED',
    input: () => ({ summary: 'A bad deploy', category: 'CONFIGURATION', remediationSteps: 'Roll back' }),
    events: ['INCIDENT_ROOT_CAUSE_RECORDED'],
    invalid: {
      input: { summary: '', category: 'CONFIGURATION', remediationSteps: '' },
      paths: ['summary', 'remediationSteps'],
    },
    role: 'ONCALL_ENGINEER',
    refusedFrom: 'CANCELLED',
  },
  verifyRootCause: {
    from: 'IDENTIFIED',
    input: () => ({ notes: 'Reproduced' }),
    events: ['INCIDENT_ROOT_CAUSE_VERIFIED'],
    invalid: { input: { notes: long(5_001) }, paths: ['notes'] },
    role: 'ONCALL_ENGINEER',
    refusedFrom: 'CANCELLED',
  },
  resolveIncident: {
    from: 'IDENTIFIED',
    input: () => ({ summary: 'Rolled back', followUps: ['Add a canary'] }),
    events: ['INCIDENT_RESOLVED'],
    invalid: {
      input: { summary: '', notes: long(4_001), followUps: ['fine', ''] },
      paths: ['summary', 'notes', 'followUps.1'],
    },
    role: 'ONCALL_ENGINEER',
    refusedFrom: 'CANCELLED',
  },
  closeIncident: {
    from: 'RESOLVED',
    input: () => ({ lessonsLearned: 'Canaries', noFollowUpsBecause: 'Done' }),
    events: ['INCIDENT_CLOSED'],
    invalid: { input: { lessonsLearned: long(4_001) }, paths: ['lessonsLearned'] },
    role: 'ONCALL_ENGINEER',
    refusedFrom: 'REPORTED',
  },
  cancelIncident: {
    from: 'REPORTED',
    input: () => ({ reason: 'A duplicate' }),
    events: ['INCIDENT_CANCELLED'],
    invalid: { input: { reason: '' }, paths: ['reason'] },
    role: 'SRE_LEAD',
    refusedFrom: 'RESOLVED',
  },
  reopenIncident: {
    from: 'RESOLVED',
    input: () => ({ reason: 'It is back' }),
    events: ['INCIDENT_REOPENED'],
    invalid: { input: { reason: '' }, paths: ['reason'] },
    role: 'ONCALL_ENGINEER',
    refusedFrom: 'REPORTED',
  },
  assignIncident: {
    from: 'REPORTED',
    input: ({ userId }) => ({ userId, ownerTeam: 'Payments' }),
    events: ['INCIDENT_ASSIGNED'],
    invalid: { input: { userId: 'nobody', ownerTeam: long(101) }, paths: ['userId', 'ownerTeam'] },
    role: 'ONCALL_ENGINEER',
    refusedFrom: 'CANCELLED',
  },
  assignIncidentRole: {
    from: 'REPORTED',
    input: ({ userId }) => ({ role: 'COMMANDER', userId }),
    events: ['INCIDENT_ROLE_ASSIGNED'],
    invalid: { input: { role: 'COMMANDER', userId: 'nobody' }, paths: ['userId'] },
    role: 'ONCALL_ENGINEER',
    refusedFrom: 'CANCELLED',
  },
  addIncidentNote: {
    from: 'CANCELLED',
    input: () => ({ message: 'A note', isPublic: true }),
    events: ['INCIDENT_NOTE_ADDED'],
    invalid: { input: { message: '' }, paths: ['message'] },
    role: 'MEMBER',
    refusedFrom: null,
  },
  editIncidentNotes: {
    from: 'REPORTED',
    input: () => ({ notes: '# Notes\n', expectedNotesVersion: 0 }),
    events: ['INCIDENT_NOTES_EDITED'],
    invalid: { input: { notes: long(50_001) }, paths: ['notes'] },
    role: 'MEMBER',
    refusedFrom: null,
  },
  setTimelineVisibility: {
    from: 'REPORTED',
    input: ({ declaredAt }) => ({ sequence: declaredAt, isPublic: true, reason: 'Customers ask' }),
    events: ['INCIDENT_VISIBILITY_CHANGED'],
    invalid: { input: { sequence: 999_999_999, isPublic: true }, paths: ['sequence'] },
    role: 'SRE_LEAD',
    refusedFrom: null,
  },
  addIncidentTag: {
    from: 'REPORTED',
    input: () => ({ tag: 'checkout' }),
    events: ['INCIDENT_TAG_ADDED'],
    invalid: { input: { tag: '' }, paths: ['tag'] },
    role: 'MEMBER',
    refusedFrom: null,
  },
  removeIncidentTag: {
    from: 'REPORTED',
    input: () => ({ tag: 'declared' }),
    events: ['INCIDENT_TAG_REMOVED'],
    invalid: null,
    role: 'MEMBER',
    refusedFrom: null,
  },
  linkIncidentTicket: {
    from: 'REPORTED',
    input: () => ({ url: 'https://tickets.example/OPS-1', key: 'OPS-1' }),
    events: ['INCIDENT_LINKED_TO_TICKET'],
    invalid: { input: { url: 'https://tickets.example/OPS-1', key: long(101) }, paths: ['key'] },
    role: 'MEMBER',
    refusedFrom: null,
  },
  unlinkIncidentTicket: {
    from: 'REPORTED',
    input: () => ({ url: 'https://tickets.example/OPS-1' }),
    events: [],
    invalid: null,
    role: 'MEMBER',
    refusedFrom: null,
  },
  setAffectedServices: {
    from: 'REPORTED',
    input: () => ({ services: [{ name: 'Checkout', impact: 'DEGRADED' }] }),
    events: ['INCIDENT_AFFECTED_SERVICES_SET'],
    invalid: { input: { services: [{ name: '', impact: 'DEGRADED' }] }, paths: ['services.0.name'] },
    role: 'ONCALL_ENGINEER',
    refusedFrom: 'CANCELLED',
  },
  addIncidentAction: {
    from: 'REPORTED',
    input: () => ({ kind: 'COMMAND', label: 'kubectl rollout undo', details: 'ok' }),
    events: ['INCIDENT_PLAYBOOK_ACTION_EXECUTED'],
    invalid: { input: { kind: 'COMMAND', label: '', details: long(5_001) }, paths: ['label', 'details'] },
    role: 'MEMBER',
    refusedFrom: null,
  },
  attachSignal: {
    from: 'REPORTED',
    input: () => ({
      type: 'ALERT',
      source: 'prometheus',
      summary: '5xx',
      data: { a: [1, null] },
      correlationKey: 'k',
    }),
    events: ['INCIDENT_SIGNAL_INGESTED'],
    invalid: { input: { type: 'ALERT', source: '', summary: '' }, paths: ['source', 'summary'] },
    role: 'MEMBER',
    refusedFrom: 'CANCELLED',
  },
  recordSloViolation: {
    from: 'REPORTED',
    input: () => ({
      sloId: 'checkout-availability',
      windowStart: '2026-03-01T10:00:00Z',
      windowEnd: '2026-03-01T11:00:00Z',
      errorBudgetConsumed: 0.5,
      thresholdBreached: 0.99,
      periodDays: 28,
      details: { fast: true },
    }),
    events: ['INCIDENT_SLO_VIOLATION_RECORDED'],
    invalid: {
      input: {
        sloId: '',
        windowStart: '2026-03-01T10:00:00Z',
        windowEnd: '2026-03-01T11:00:00Z',
        errorBudgetConsumed: -1,
        thresholdBreached: 0.99,
        periodDays: 0,
      },
      paths: ['sloId', 'errorBudgetConsumed', 'periodDays'],
    },
    role: 'MEMBER',
    refusedFrom: 'CANCELLED',
  },
  escalateIncident: {
    from: 'REPORTED',
    input: () => ({ target: 'SUPERVISOR', note: 'Need hands' }),
    events: ['INCIDENT_ESCALATED'],
    invalid: { input: { target: 'SUPERVISOR', note: long(1_001) }, paths: ['note'] },
    role: 'MEMBER',
    refusedFrom: 'RESOLVED',
  },
};
