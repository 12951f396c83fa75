import { describe, expect, it } from 'vitest';
import { type IncidentStatus, statuses } from '../../../src/domain/incident/vocabulary.ts';
import { grace } from '../../support/given.ts';
import { type Expected, outcome, type Row } from '../../support/outcome.ts';

const none: Expected = [];
const no: Expected = 'INVALID_TRANSITION';
const gate: Expected = 'WORKFLOW_GATE_UNMET';
const invalid: Expected = 'VALIDATION_FAILED';

const tag: Expected = ['INCIDENT_TAG_ADDED'];

/** Possible in any status. */
const always = {
  // Of a burst it is not: what comes of runs in each status is in reportRuns.test.ts.
  reportRuns: none,
  // Nor is it synced: syncIncidents.test.ts.
  syncIncidents: none,
  addIncidentNote: ['INCIDENT_NOTE_ADDED'],
  editIncidentNotes: ['INCIDENT_NOTES_EDITED'],
  setTimelineVisibility: ['INCIDENT_VISIBILITY_CHANGED'],
  addIncidentTag: tag,
  removeIncidentTag: ['INCIDENT_TAG_REMOVED'],
  linkIncidentTicket: ['INCIDENT_LINKED_TO_TICKET'],
  unlinkIncidentTicket: ['INCIDENT_UNLINKED_FROM_TICKET'],
  addIncidentAction: ['INCIDENT_PLAYBOOK_ACTION_EXECUTED'],
  // What comes of them where a source has a webhook is in bulkAction.test.ts.
  runBulkAction: invalid,
  cancelBulkAction: invalid,
  finishBulkAction: none,
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
  reportErrors: ['INCIDENT_SIGNAL_INGESTED'],
  changeIncidentSeverity: ['INCIDENT_SEVERITY_CHANGED'],
  escalateIncident: ['INCIDENT_ESCALATED'],
  snoozeIncident: ['INCIDENT_SNOOZED'],
  cancelIncident: ['INCIDENT_CANCELLED'],
  mergeIncidents: ['INCIDENT_MERGED'],
  // The signal is unknown; what becomes of one that is not is in splitSignal.test.ts.
  splitSignal: 'NOT_FOUND',
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
  reportErrors: no,
  recordSloViolation: no,
  changeIncidentSeverity: no,
  escalateIncident: no,
  snoozeIncident: no,
  cancelIncident: no,
  mergeIncidents: no,
  splitSignal: no,
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
    reportErrors: no,
    changeIncidentSeverity: no,
    escalateIncident: no,
    snoozeIncident: no,
    cancelIncident: no,
    mergeIncidents: no,
    splitSignal: no,
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

describe('every command in every status, by a person', () => {
  for (const status of statuses) {
    const rows = Object.entries(table[status]) as [Row, Expected][];
    it.each(rows)(`${status}: %s → %j`, (row, expected) => {
      expect(outcome(status, row, grace)).toEqual(expected);
    });
  }
});
