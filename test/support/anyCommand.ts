import fc from 'fast-check';
import { checkedErrors } from '../../src/domain/detection/checkedErrors.ts';
import { checkedRuns } from '../../src/domain/detection/checkedRuns.ts';
import { checkedSync } from '../../src/domain/detection/checkedSync.ts';
import { errorSeverities, type ReportedError } from '../../src/domain/detection/errorReport.ts';
import { type ReportedRun, runStatuses } from '../../src/domain/detection/runReport.ts';
import type { IncidentCommandInputs, IncidentCommandName } from '../../src/domain/incident/commands.ts';
import {
  actionKinds,
  escalationTargetKinds,
  incidentRoles,
  modes,
  rootCauseCategories,
  serviceImpacts,
  severities,
  signalTypes,
  statuses,
} from '../../src/domain/incident/vocabulary.ts';
import { anyBulkCommand } from './anyBulkCommand.ts';

const minutesFrom2026 = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();

/** Mostly short and fine; now and then long, blank, or not acceptable at all. */
const text = fc.oneof(
  {
    weight: 40,
    arbitrary: fc.constantFrom('a', 'b', 'Checkout', ' checkout ', 'über "quoted"', '😀😁', 'x'.repeat(60)),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', ' ', '\u0000', '\ud83d', 'x\r', '"'.repeat(500), 'x'.repeat(5_000)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(60, 200, 2_000, 4_000, 60_000).map((length) => '\n.'.repeat(length / 2)),
  },
);
/** A text that fills much of what a field allows. */
const longText = (max: number) =>
  fc.oneof(
    text,
    fc.constantFrom('x', '"', '😀').map((part) => part.repeat(max / part.length)),
  );
const optional = <V>(value: fc.Arbitrary<V>) => fc.option(value, { nil: null });
const instant = fc.oneof(
  fc.integer({ min: -3_000, max: 6_000 }).map((minute) => minutesFrom2026(minute)),
  fc.constantFrom(
    'no instant',
    '2026-02-30T00:00:00Z',
    '+275760-09-13T00:00:00.000Z',
    '1900-01-01T00:00:00.000Z',
  ),
);
const userId = fc.constantFrom('ada', 'grace', 'mallory');
const list = <V>(value: fc.Arbitrary<V>) => fc.array(value, { maxLength: 4 });
const url = fc.oneof(
  fc.integer({ min: 0, max: 80 }).map((index) => `https://tickets.example/${index}/${'x'.repeat(index * 6)}`),
  text,
);
const count = fc.oneof(
  fc.integer({ min: 1, max: 20 }),
  fc.constantFrom(-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY),
);
const signal = {
  type: fc.constantFrom(...signalTypes),
  source: text,
  summary: longText(1_000),
  severity: optional(text),
  service: optional(text),
  environment: optional(text),
  project: optional(text),
  data: optional(fc.record({ json: fc.constant('{"a":1}'), digest: fc.constant('d'.repeat(64)) })),
  correlationKey: optional(
    fc.oneof(
      text,
      fc.nat({ max: 80 }).map((index) => `key-${index}`),
    ),
  ),
  traceId: optional(text),
  at: optional(instant),
};
const nobodysId = '00000000-0000-7000-8000-00000000dead';
const fingerprint = fc.constantFrom('f1', 'f2', 'f3');
const declare = fc.record(
  {
    title: text,
    description: optional(text),
    severity: fc.constantFrom(...severities),
    mode: optional(fc.constantFrom(...modes)),
    impact: optional(text),
    service: optional(text),
    ownerTeam: optional(text),
    tags: optional(list(text)),
    correlationKeys: optional(list(text)),
    signalIds: optional(list(fc.constantFrom('waiting', 'taken', 'unknown'))),
    externalRefs: optional(list(fc.record({ system: text, id: text, url: optional(url) }))),
    detectedAt: optional(instant),
    startedAt: optional(instant),
  },
  { requiredKeys: ['title', 'severity'] },
);

/** An error as it is once checked: anything goes in, what comes out fits. */
const error = fc
  .record({
    errorId: fc.nat({ max: 30 }).map((index) => `error-${index}`),
    severity: fc.constantFrom(...errorSeverities),
    source: fc.constant('app'),
    component: optional(text),
    type: optional(text),
    message: longText(1_000).map((message) => `${message}!`),
    project: optional(text),
    correlationKey: optional(fc.nat({ max: 80 }).map((index) => `key-${index}`)),
    at: optional(fc.integer({ min: -3_000, max: 6_000 }).map((minute) => minutesFrom2026(minute))),
  })
  .map((report) => {
    const checked = checkedErrors([report]);
    if ('kind' in checked) throw new Error(checked.message);
    return { ...checked[0], errorId: report.errorId } as ReportedError;
  });

const run = fc
  .record({
    runId: fc.nat({ max: 60 }).map((index) => `run-${index}`),
    source: fc.constant('reminders'),
    target: fc.nat({ max: 9 }).map((index) => `target-${index}`),
    status: fc.constantFrom(...runStatuses),
    error: optional(longText(1_000)),
    at: optional(fc.integer({ min: -30, max: 600 }).map((minute) => minutesFrom2026(minute))),
  })
  .map((report) => {
    const checked = checkedRuns([report]);
    if ('kind' in checked) throw new Error(checked.message);
    return { ...checked[0], runId: report.runId } as ReportedRun;
  });

const syncedIncident = fc
  .record({
    key: fc.constantFrom('burst-1', 'burst-2'),
    severity: fc.constantFrom(...severities),
    title: optional(longText(200)),
    startedAt: fc.integer({ min: -30, max: 0 }).map(minutesFrom2026),
    resolvedAt: optional(fc.integer({ min: 0, max: 4 }).map(minutesFrom2026)),
    asOf: optional(fc.integer({ min: 0, max: 4 }).map(minutesFrom2026)),
    errorCount: optional(fc.nat({ max: 9 })),
    targets: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
    latestError: optional(longText(1_000)),
    service: optional(fc.constantFrom('checkout', 'till')),
  })
  .map((report) => {
    const checked = checkedSync({ source: 'reminders', incidents: [report] }, minutesFrom2026(0));
    const [one] = 'kind' in checked ? [] : checked;
    if (one === undefined) throw new Error('This is not what a sync brings.');
    return { ...one, incident: { ...one.incident, targetsDigest: one.targets.join() || null } };
  });

/** Inputs of every command, of the right types and of any content. */
const inputs: { readonly [N in IncidentCommandName]: fc.Arbitrary<IncidentCommandInputs[N]> } = {
  declareIncident: declare,
  updateIncident: fc.record(
    {
      title: text,
      description: optional(text),
      type: optional(text),
      impact: optional(text),
      environment: optional(text),
      service: optional(text),
      project: optional(text),
      runbook: optional(text),
      startedAt: optional(instant),
      endedAt: optional(instant),
    },
    { requiredKeys: [] },
  ),
  acknowledgeIncident: fc.record({ note: optional(text) }),
  unacknowledgeIncident: fc.record({ reason: optional(text) }),
  snoozeIncident: fc.record({ until: instant, reason: optional(text) }),
  changeIncidentStatus: fc.record({
    status: fc.constantFrom(...statuses),
    message: optional(text),
    isPublic: optional(fc.boolean()),
  }),
  changeIncidentSeverity: fc.record({ severity: fc.constantFrom(...severities), reason: text }),
  recordRootCause: fc.record({
    summary: longText(2_000),
    category: fc.constantFrom(...rootCauseCategories),
    remediationSteps: longText(5_000),
  }),
  verifyRootCause: fc.record({ notes: optional(text) }),
  resolveIncident: fc.record({
    summary: longText(2_000),
    notes: optional(longText(4_000)),
    impactAssessment: optional(longText(4_000)),
    lessonsLearned: optional(text),
    followUps: optional(list(longText(500))),
  }),
  closeIncident: fc.record({
    lessonsLearned: optional(text),
    followUps: optional(list(text)),
    noFollowUpsBecause: optional(text),
  }),
  cancelIncident: fc.record({ reason: text }),
  reopenIncident: fc.record({ reason: text }),
  // Of ids that nobody knows: a test that has incidents and signals puts theirs in.
  mergeIncidents: fc.record({ intoIncidentId: fc.constant(nobodysId), reason: text }),
  splitSignal: fc.record({
    signalId: fc.constant(nobodysId),
    reason: text,
    title: optional(text),
    severity: optional(fc.constantFrom(...severities)),
  }),
  assignIncident: fc.record({ userId: optional(userId), ownerTeam: optional(text) }, { requiredKeys: [] }),
  assignIncidentRole: fc.record(
    { role: fc.constantFrom(...incidentRoles), userId: optional(userId) },
    { requiredKeys: ['role'] },
  ),
  addIncidentNote: fc.record({ message: text, isPublic: optional(fc.boolean()) }),
  editIncidentNotes: fc.record({
    notes: longText(50_000),
    expectedNotesVersion: optional(fc.nat({ max: 5 })),
  }),
  setTimelineVisibility: fc.record({ sequence: count, isPublic: fc.boolean(), reason: optional(text) }),
  addIncidentTag: fc.record({
    tag: fc.oneof(
      text,
      fc.nat({ max: 99 }).map((index) => `tag-${index}`),
    ),
  }),
  removeIncidentTag: fc.record({ tag: text }),
  linkIncidentTicket: fc.record({ url, key: optional(text) }),
  unlinkIncidentTicket: fc.record({ url }),
  setAffectedServices: fc.record({
    services: list(fc.record({ name: text, impact: fc.constantFrom(...serviceImpacts) })),
  }),
  addIncidentAction: fc.record({
    kind: fc.constantFrom(...actionKinds),
    label: text,
    details: optional(text),
  }),
  ...anyBulkCommand(text),
  attachSignal: fc.record({ ...signal, fingerprint: optional(fc.oneof(fingerprint, text)) }),
  recordSloViolation: fc.record({
    sloId: text,
    windowStart: instant,
    windowEnd: instant,
    errorBudgetConsumed: count,
    thresholdBreached: count,
    periodDays: optional(count),
    details: optional(text),
  }),
  escalateIncident: fc.record({ target: fc.constantFrom(...escalationTargetKinds), note: optional(text) }),
  receiveSignals: fc.record({
    dedupKey: fc.constant('group'),
    declare,
    firing: list(fc.record({ ...signal, fingerprint })),
    cleared: list(fc.record({ fingerprint, at: optional(fc.constant('2026-01-01T00:00:00.000Z')) })),
    severity: optional(fc.constantFrom(...severities)),
    acknowledge: optional(fc.record({ note: optional(text) })),
    resolve: fc.boolean(),
  }),
  reportErrors: fc.record({
    fingerprint: fc.constant('timeout'),
    errors: fc.array(error, { minLength: 1, maxLength: 4 }),
  }),
  reportRuns: fc.record({
    source: fc.constant('reminders'),
    runs: fc.array(run, { minLength: 1, maxLength: 12 }),
  }),
  syncIncidents: syncedIncident,
  fireDeadlines: fc.constant({}),
  replanIncident: fc.constant({}),
};

/** Rare, so that a history lives long enough to go wrong. */
const weights: Partial<Record<IncidentCommandName, number>> = {
  declareIncident: 1,
  cancelIncident: 1,
  mergeIncidents: 2,
  recordRootCause: 8,
  resolveIncident: 8,
  closeIncident: 2,
  linkIncidentTicket: 8,
  receiveSignals: 8,
  reportErrors: 8,
  reportRuns: 8,
  syncIncidents: 8,
  setTimelineVisibility: 8,
};

/** A command with any input its type allows. */
export const anyCommand = fc.oneof(
  ...(Object.keys(inputs) as IncidentCommandName[]).map((name) => ({
    weight: weights[name] ?? 4,
    arbitrary: (inputs[name] as fc.Arbitrary<IncidentCommandInputs[IncidentCommandName]>).map((input) => ({
      name,
      input,
    })),
  })),
);
