import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/domain/access/actor.ts';
import type { ErrorCode } from '../../../src/domain/errors.ts';
import type { IncidentCommand, IncidentCommandName } from '../../../src/domain/incident/commands.ts';
import { decide } from '../../../src/domain/incident/decide.ts';
import type { IncidentEventType } from '../../../src/domain/incident/events.ts';
import { type IncidentStatus, statuses } from '../../../src/domain/incident/vocabulary.ts';
import { alertmanager, grace, inStatus, rootCause, scheduler } from '../../support/given.ts';

/** The events it writes (none: everything was already so), or the code of the refusal. */
type Expected = readonly IncidentEventType[] | ErrorCode;

/** Every command; those that move to a status once for each. */
type Row = Exclude<IncidentCommandName, 'changeIncidentStatus'> | `changeIncidentStatus ${IncidentStatus}`;

const none: Expected = [];
const no: Expected = 'INVALID_TRANSITION';
const gate: Expected = 'WORKFLOW_GATE_UNMET';
const invalid: Expected = 'VALIDATION_FAILED';

const tag: Expected = ['INCIDENT_TAG_ADDED'];

/** Possible in any status. */
const always = {
  addIncidentNote: ['INCIDENT_NOTE_ADDED'],
  editIncidentNotes: ['INCIDENT_NOTES_EDITED'],
  setTimelineVisibility: ['INCIDENT_VISIBILITY_CHANGED'],
  addIncidentTag: tag,
  removeIncidentTag: ['INCIDENT_TAG_REMOVED'],
  linkIncidentTicket: ['INCIDENT_LINKED_TO_TICKET'],
  unlinkIncidentTicket: ['INCIDENT_UNLINKED_FROM_TICKET'],
  addIncidentAction: ['INCIDENT_PLAYBOOK_ACTION_EXECUTED'],
  declareIncident: 'CONFLICT',
  receiveSignals: none,
  fireDeadlines: none,
  replanIncident: none,
  'changeIncidentStatus CLOSED': invalid,
  'changeIncidentStatus CANCELLED': invalid,
  'changeIncidentStatus RESOLVED': invalid,
} as const satisfies Partial<Record<Row, Expected>>;

/** Possible until CLOSED or CANCELLED. */
const untilFinal = {
  updateIncident: ['INCIDENT_UPDATED'],
  assignIncident: ['INCIDENT_ASSIGNED'],
  assignIncidentRole: ['INCIDENT_ROLE_ASSIGNED'],
  setAffectedServices: ['INCIDENT_AFFECTED_SERVICES_SET'],
  attachSignal: ['INCIDENT_SIGNAL_INGESTED'],
  recordSloViolation: ['INCIDENT_SLO_VIOLATION_RECORDED'],
} as const satisfies Partial<Record<Row, Expected>>;

/** Possible while open. */
const whileOpen = {
  changeIncidentSeverity: ['INCIDENT_SEVERITY_CHANGED'],
  escalateIncident: ['INCIDENT_ESCALATED'],
  cancelIncident: ['INCIDENT_CANCELLED'],
  closeIncident: no,
  reopenIncident: no,
} as const satisfies Partial<Record<Row, Expected>>;

const final: Record<Row, Expected> = {
  ...always,
  updateIncident: no,
  assignIncident: no,
  assignIncidentRole: no,
  setAffectedServices: no,
  attachSignal: no,
  recordSloViolation: no,
  changeIncidentSeverity: no,
  escalateIncident: no,
  cancelIncident: no,
  closeIncident: no,
  reopenIncident: no,
  acknowledgeIncident: no,
  unacknowledgeIncident: no,
  recordRootCause: no,
  verifyRootCause: no,
  resolveIncident: no,
  'changeIncidentStatus REPORTED': no,
  'changeIncidentStatus ACKNOWLEDGED': no,
  'changeIncidentStatus INVESTIGATING': no,
  'changeIncidentStatus IDENTIFIED': no,
  'changeIncidentStatus MITIGATED': no,
};

/** What Grace, an SRE lead, gets for each command on an incident that Ada brought to that status. */
const table: Record<IncidentStatus, Record<Row, Expected>> = {
  REPORTED: {
    ...always,
    ...untilFinal,
    ...whileOpen,
    acknowledgeIncident: ['INCIDENT_ACKNOWLEDGED'],
    unacknowledgeIncident: none,
    recordRootCause: gate,
    verifyRootCause: gate,
    resolveIncident: gate,
    'changeIncidentStatus REPORTED': none,
    'changeIncidentStatus ACKNOWLEDGED': ['INCIDENT_ACKNOWLEDGED'],
    'changeIncidentStatus INVESTIGATING': ['INCIDENT_ACKNOWLEDGED', 'INCIDENT_STATUS_CHANGED'],
    'changeIncidentStatus IDENTIFIED': gate,
    'changeIncidentStatus MITIGATED': ['INCIDENT_ACKNOWLEDGED', 'INCIDENT_STATUS_CHANGED'],
  },
  ACKNOWLEDGED: {
    ...always,
    ...untilFinal,
    ...whileOpen,
    acknowledgeIncident: 'ALREADY_ACKNOWLEDGED',
    unacknowledgeIncident: ['INCIDENT_UNACKNOWLEDGED'],
    recordRootCause: ['INCIDENT_ROOT_CAUSE_RECORDED'],
    verifyRootCause: gate,
    resolveIncident: gate,
    'changeIncidentStatus REPORTED': no,
    'changeIncidentStatus ACKNOWLEDGED': none,
    'changeIncidentStatus INVESTIGATING': ['INCIDENT_STATUS_CHANGED'],
    'changeIncidentStatus IDENTIFIED': gate,
    'changeIncidentStatus MITIGATED': ['INCIDENT_STATUS_CHANGED'],
  },
  INVESTIGATING: {
    ...always,
    ...untilFinal,
    ...whileOpen,
    acknowledgeIncident: 'ALREADY_ACKNOWLEDGED',
    unacknowledgeIncident: ['INCIDENT_UNACKNOWLEDGED'],
    recordRootCause: ['INCIDENT_ROOT_CAUSE_RECORDED'],
    verifyRootCause: gate,
    resolveIncident: gate,
    'changeIncidentStatus REPORTED': no,
    'changeIncidentStatus ACKNOWLEDGED': no,
    'changeIncidentStatus INVESTIGATING': none,
    'changeIncidentStatus IDENTIFIED': gate,
    'changeIncidentStatus MITIGATED': ['INCIDENT_STATUS_CHANGED'],
  },
  IDENTIFIED: {
    ...always,
    ...untilFinal,
    ...whileOpen,
    acknowledgeIncident: 'ALREADY_ACKNOWLEDGED',
    unacknowledgeIncident: no,
    recordRootCause: ['INCIDENT_ROOT_CAUSE_RECORDED'],
    verifyRootCause: ['INCIDENT_ROOT_CAUSE_VERIFIED'],
    resolveIncident: ['INCIDENT_RESOLVED'],
    'changeIncidentStatus REPORTED': no,
    'changeIncidentStatus ACKNOWLEDGED': no,
    'changeIncidentStatus INVESTIGATING': ['INCIDENT_STATUS_CHANGED'],
    'changeIncidentStatus IDENTIFIED': none,
    'changeIncidentStatus MITIGATED': ['INCIDENT_STATUS_CHANGED'],
  },
  MITIGATED: {
    ...always,
    ...untilFinal,
    ...whileOpen,
    acknowledgeIncident: 'ALREADY_ACKNOWLEDGED',
    unacknowledgeIncident: no,
    recordRootCause: ['INCIDENT_ROOT_CAUSE_RECORDED'],
    verifyRootCause: ['INCIDENT_ROOT_CAUSE_VERIFIED'],
    resolveIncident: ['INCIDENT_RESOLVED'],
    'changeIncidentStatus REPORTED': no,
    'changeIncidentStatus ACKNOWLEDGED': no,
    'changeIncidentStatus INVESTIGATING': ['INCIDENT_STATUS_CHANGED'],
    'changeIncidentStatus IDENTIFIED': ['INCIDENT_STATUS_CHANGED'],
    'changeIncidentStatus MITIGATED': none,
  },
  RESOLVED: {
    ...always,
    ...untilFinal,
    changeIncidentSeverity: no,
    escalateIncident: no,
    cancelIncident: no,
    closeIncident: ['INCIDENT_CLOSED'],
    reopenIncident: ['INCIDENT_REOPENED'],
    acknowledgeIncident: 'ALREADY_ACKNOWLEDGED',
    unacknowledgeIncident: no,
    recordRootCause: ['INCIDENT_ROOT_CAUSE_RECORDED'],
    verifyRootCause: ['INCIDENT_ROOT_CAUSE_VERIFIED'],
    resolveIncident: no,
    'changeIncidentStatus REPORTED': no,
    'changeIncidentStatus ACKNOWLEDGED': no,
    'changeIncidentStatus INVESTIGATING': no,
    'changeIncidentStatus IDENTIFIED': no,
    'changeIncidentStatus MITIGATED': no,
  },
  CLOSED: final,
  CANCELLED: final,
};

/** A usual input for each command. */
const inputs: { [R in Row]: object } = {
  declareIncident: { title: 'Again', severity: 'SEV1' },
  updateIncident: { title: 'Checkout is slow' },
  acknowledgeIncident: {},
  unacknowledgeIncident: {},
  changeIncidentSeverity: { severity: 'SEV4', reason: 'Few customers' },
  recordRootCause: { ...rootCause, summary: 'Another bad deploy' },
  verifyRootCause: {},
  resolveIncident: { summary: 'Fixed' },
  closeIncident: { lessonsLearned: 'Test more', noFollowUpsBecause: 'Nothing to do' },
  cancelIncident: { reason: 'A test' },
  reopenIncident: { reason: 'It came back' },
  assignIncident: { userId: 'grace' },
  assignIncidentRole: { role: 'COMMANDER', userId: 'grace' },
  addIncidentNote: { message: 'Looking' },
  editIncidentNotes: { notes: 'Call the vendor' },
  setTimelineVisibility: { sequence: 1, isPublic: true },
  addIncidentTag: { tag: 'checkout' },
  removeIncidentTag: { tag: 'web' },
  linkIncidentTicket: { url: 'https://tickets.example/1', key: 'OPS-1' },
  unlinkIncidentTicket: { url: 'https://tickets.example/2' },
  setAffectedServices: { services: [{ name: 'checkout', impact: 'DEGRADED' }] },
  addIncidentAction: { kind: 'COMMAND', label: 'Restarted it' },
  attachSignal: { type: 'LOG', source: 'app', summary: 'Errors' },
  recordSloViolation: {
    sloId: 'latency',
    windowStart: '2025-12-31T23:00:00.000Z',
    windowEnd: '2026-01-01T00:00:00.000Z',
    errorBudgetConsumed: 0.5,
    thresholdBreached: 0.1,
  },
  escalateIncident: { target: 'ON_CALL' },
  receiveSignals: {
    dedupKey: 'group',
    declare: { title: 'Alert', severity: 'SEV3' },
    firing: [],
    cleared: [],
    severity: null,
  },
  fireDeadlines: {},
  replanIncident: {},
  'changeIncidentStatus REPORTED': { status: 'REPORTED' },
  'changeIncidentStatus ACKNOWLEDGED': { status: 'ACKNOWLEDGED' },
  'changeIncidentStatus INVESTIGATING': { status: 'INVESTIGATING', message: 'Looking again' },
  'changeIncidentStatus IDENTIFIED': { status: 'IDENTIFIED', message: 'Not yet mitigated' },
  'changeIncidentStatus MITIGATED': { status: 'MITIGATED' },
  'changeIncidentStatus RESOLVED': { status: 'RESOLVED' },
  'changeIncidentStatus CLOSED': { status: 'CLOSED' },
  'changeIncidentStatus CANCELLED': { status: 'CANCELLED' },
};

function outcome(status: IncidentStatus, row: Row, by: Actor): Expected {
  const story = inStatus(status, { tags: ['web'] });
  story.do('linkIncidentTicket', { url: 'https://tickets.example/2', key: null });
  const command = { name: row.split(' ')[0], input: inputs[row] } as IncidentCommand;
  const decision = decide(command, story.state, story.context({ by }));
  return decision.ok ? decision.events.map((event) => event.type) : decision.refusal.code;
}

describe('every command in every status, by a person', () => {
  for (const status of statuses) {
    const rows = Object.entries(table[status]) as [Row, Expected][];
    it.each(rows)(`${status}: %s → %j`, (row, expected) => {
      expect(outcome(status, row, grace)).toEqual(expected);
    });
  }
});

type Lifecycle =
  | 'acknowledgeIncident'
  | 'resolveIncident'
  | 'closeIncident'
  | 'cancelIncident'
  | 'reopenIncident';

/** The same for the scheduler: past the resolve gate, and a repeat is no mistake. */
const bySystem: Record<IncidentStatus, Record<Lifecycle, Expected>> = {
  REPORTED: {
    acknowledgeIncident: ['INCIDENT_ACKNOWLEDGED'],
    resolveIncident: ['INCIDENT_RESOLVED'],
    closeIncident: no,
    cancelIncident: ['INCIDENT_CANCELLED'],
    reopenIncident: none,
  },
  ACKNOWLEDGED: openForMachines(),
  INVESTIGATING: openForMachines(),
  IDENTIFIED: openForMachines(),
  MITIGATED: openForMachines(),
  RESOLVED: {
    acknowledgeIncident: none,
    resolveIncident: none,
    closeIncident: ['INCIDENT_CLOSED'],
    cancelIncident: no,
    reopenIncident: ['INCIDENT_REOPENED'],
  },
  CLOSED: {
    acknowledgeIncident: none,
    resolveIncident: none,
    closeIncident: none,
    cancelIncident: no,
    reopenIncident: no,
  },
  CANCELLED: {
    acknowledgeIncident: no,
    resolveIncident: no,
    closeIncident: no,
    cancelIncident: none,
    reopenIncident: no,
  },
};

function openForMachines(): Record<Lifecycle, Expected> {
  return {
    acknowledgeIncident: none,
    resolveIncident: ['INCIDENT_RESOLVED'],
    closeIncident: no,
    cancelIncident: ['INCIDENT_CANCELLED'],
    reopenIncident: none,
  };
}

describe('the lifecycle in every status, by a machine', () => {
  for (const status of statuses) {
    const rows = Object.entries(bySystem[status]) as [Lifecycle, Expected][];
    it.each(rows)(`${status}: %s → %j`, (row, expected) => {
      expect(outcome(status, row, scheduler)).toEqual(expected);
      expect(outcome(status, row, alertmanager)).toEqual(expected);
    });
  }
});
