import type { Actor } from '../../src/domain/access/actor.ts';
import type { ErrorCode } from '../../src/domain/errors.ts';
import type { IncidentCommand, IncidentCommandName } from '../../src/domain/incident/commands.ts';
import { decide } from '../../src/domain/incident/decide.ts';
import type { IncidentEventType } from '../../src/domain/incident/events.ts';
import type { IncidentStatus } from '../../src/domain/incident/vocabulary.ts';
import { failed } from './failedRun.ts';
import { inStatus, reported, rootCause, Story } from './given.ts';
import { synced } from './synced.ts';

/** The events it writes (none: everything was already so), or the code of the refusal. */
export type Expected = readonly IncidentEventType[] | ErrorCode;

/** Every command; those that move to a status once for each. */
export type Row =
  | Exclude<IncidentCommandName, 'changeIncidentStatus'>
  | `changeIncidentStatus ${IncidentStatus}`;

const otherId = '00000000-0000-7000-8000-000000000002';

/** A usual input for each command. */
const inputs: { [R in Row]: object } = {
  declareIncident: { title: 'Again', severity: 'SEV1' },
  updateIncident: { title: 'Checkout is slow' },
  acknowledgeIncident: {},
  unacknowledgeIncident: {},
  snoozeIncident: { until: '2026-01-01T12:00:00.000Z' },
  changeIncidentSeverity: { severity: 'SEV4', reason: 'Few customers' },
  recordRootCause: { ...rootCause, summary: 'Another bad deploy' },
  verifyRootCause: {},
  resolveIncident: { summary: 'Fixed' },
  closeIncident: { lessonsLearned: 'Test more', noFollowUpsBecause: 'Nothing to do' },
  cancelIncident: { reason: 'A test' },
  reopenIncident: { reason: 'It came back' },
  mergeIncidents: { intoIncidentId: otherId, reason: 'The same outage' },
  splitSignal: { signalId: 'unknown', reason: 'Another matter' },
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
  runBulkAction: { action: 'MUTE', targets: ['t1'], targetsDigest: '' },
  cancelBulkAction: { bulkActionId: 'none' },
  finishBulkAction: {
    bulkActionId: 'none',
    succeeded: 1,
    failed: 0,
    cancelled: 0,
    resultsDigest: '',
    mutesDigest: '',
  },
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
  reportErrors: { fingerprint: 'timeout', errors: [reported('e1', { severity: 'MEDIUM' })] },
  reportRuns: { source: 'reminders', runs: [failed('r1', 't1')] },
  syncIncidents: { incident: synced(), targets: [], declare: {} },
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

/** The command of a row with its usual input. */
export function commandOf(row: Row): IncidentCommand {
  return { name: row.split(' ')[0], input: inputs[row] } as IncidentCommand;
}

/** The story, beside another incident that is open. */
export function withOther(story: Story): Story {
  const other = new Story({}, { id: otherId, number: 2 });
  other.do('declareIncident', { title: 'Payments fail', severity: 'SEV3' });
  story.others.set(otherId, { state: other.incident, number: 2 });
  return story;
}

/** What becomes of the usual input, by this actor, on an incident that Ada brought to this status. */
export function outcome(status: IncidentStatus, row: Row, by: Actor): Expected {
  const story = withOther(inStatus(status, { tags: ['web'] }));
  story.do('linkIncidentTicket', { url: 'https://tickets.example/2', key: null });
  const decision = decide(commandOf(row), story.state, story.context({ by }));
  return decision.ok ? decision.events.map((event) => event.type) : decision.refusal.code;
}
