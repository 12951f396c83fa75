import { type AccessLogFilter, accessLogPage } from '../../src/store/read/accessLog.ts';
import { incidentOfDedupKey, occurrencesOf } from '../../src/store/read/alerts.ts';
import { bulkActionEvidence, strayBulkActions } from '../../src/store/read/bulkActionEvidence.ts';
import {
  bulkActionOf,
  bulkTargetCounts,
  runningBulkActions,
  targetsOfBulkActions,
} from '../../src/store/read/bulkActions.ts';
import { type ChangeFilter, changePage, changesById, recentChanges } from '../../src/store/read/changes.ts';
import { encodeCursor } from '../../src/store/read/cursor.ts';
import {
  type DeadLetterFilter,
  deadLetter,
  deadLetterBodies,
  deadLetterPage,
} from '../../src/store/read/deadLetters.ts';
import { type EventFilter, incidentEvents } from '../../src/store/read/ledgerEvents.ts';
import { lostSignals } from '../../src/store/read/lostSignals.ts';
import { mutedTargetPage } from '../../src/store/read/mutedTargets.ts';
import { mutesOfBulkAction } from '../../src/store/read/mutesOfBulkAction.ts';
import { relatedCounts, relatedIncidents, relations } from '../../src/store/read/relatedIncidents.ts';
import {
  errorsOfId,
  type ReportedErrorFilter,
  reportedErrorPage,
  reportedErrors,
} from '../../src/store/read/reportedErrors.ts';
import { rowsOfIncidents } from '../../src/store/read/rowsOfIncidents.ts';
import { type RunFilter, runPage, runsOfIncidents } from '../../src/store/read/runs.ts';
import { runTargetsOfIncidents } from '../../src/store/read/runTargets.ts';
import type { ReadScope } from '../../src/store/read/scope.ts';
import { type SignalFilter, signalPage } from '../../src/store/read/signals.ts';
import type { Window } from '../../src/store/read/slice.ts';
import { id, now } from './bigTables.ts';

/** Something that is read of an organization, as a test is called by it. */
type Read = readonly [what: string, read: (scope: ReadScope) => Promise<unknown>];

const window: Window = { size: 25, after: null, before: null, backward: false };
const range = { from: '2026-11-19T00:00:00.000Z', until: '2026-11-19T01:00:00.000Z' };

/** One read for each filter that adds these conditions to none; the last of them is also read from a cursor on. */
function by<F extends object>(
  what: string,
  none: F,
  conditions: readonly Partial<F>[],
  read: (scope: ReadScope, filter: F, window: Window) => Promise<unknown>,
  cursor: string | null = null,
): readonly Read[] {
  const reads = [{}, ...conditions].map(
    (condition): Read => [
      `${what} by ${JSON.stringify(condition)}`,
      (scope) => read(scope, { ...none, ...condition }, window),
    ],
  );
  if (cursor === null) return reads;
  const next = { ...window, after: cursor };
  return [...reads, [`${what}, the next page`, (scope) => read(scope, none, next)]];
}

const anySignal: SignalFilter = {
  incidentId: null,
  type: null,
  source: null,
  correlationKey: null,
  traceId: null,
  cleared: null,
  at: null,
};
const anyEvent: EventFilter = { incidentId: null, types: null, severity: null, publicOnly: false };
const anyAccess: AccessLogFilter = { actorId: null, fields: null, outcome: null, at: null };
const anyChange: ChangeFilter = { serviceId: null, source: null, environment: null, at: null };
const anyLetter: DeadLetterFilter = { apiKeyId: null, format: null };
const anyError: ReportedErrorFilter = {
  incidentId: null,
  severity: null,
  source: null,
  fingerprint: null,
  at: null,
};
const anyRun: RunFilter = { incidentId: null, source: null, target: null, status: null, at: null };
const anyLoss = { name: null as string | null, at: null as typeof range | null };

/** What detection keeps beside signals. */
const ofDetection: readonly Read[] = [
  ...by(
    'changes',
    anyChange,
    [{ serviceId: id(7) }, { source: ['source7'] }, { environment: ['environment7'] }, { at: range }],
    changePage,
    encodeCursor([now, id(7)]),
  ),
  ['changes by id', (scope) => changesById(scope, [id(7)])],
  [
    'recent changes',
    (scope) =>
      recentChanges(scope, [
        { serviceId: id(7), environment: 'environment7', at: now },
        { serviceId: null, environment: null, at: now },
      ]),
  ],
  ...by(
    'dead letters',
    anyLetter,
    [{ apiKeyId: id(7) }, { format: 'json' }, { apiKeyId: id(7), format: 'json' }],
    deadLetterPage,
    encodeCursor([now, id(7)]),
  ),
  ['a dead letter', (scope) => deadLetter(scope, id(7))],
  ['bodies of dead letters', (scope) => deadLetterBodies(scope, [id(7)])],
  ...by(
    'reported errors',
    anyError,
    [
      { incidentId: id(7) },
      { severity: ['P0'] },
      { source: ['source7'] },
      { fingerprint: 'f7' },
      { at: range },
    ],
    reportedErrorPage,
    encodeCursor([now, 'e7', 'source7', 'SEV1']),
  ),
  [
    'reported errors by source and id',
    (scope) => reportedErrors(scope, [{ source: 'source7', errorId: 'e7' }]),
  ],
  ['reported errors by id', (scope) => errorsOfId(scope, 'e7', null)],
  ['the reported error of a source', (scope) => errorsOfId(scope, 'e7', 'source7')],
  ...by(
    'runs',
    anyRun,
    [
      { incidentId: id(7) },
      { source: ['source7'] },
      { target: 'target7' },
      { status: ['FAILED'] },
      { at: range },
    ],
    runPage,
    encodeCursor([now, 'source7', 'r7']),
  ),
  ['runs of incidents', (scope) => runsOfIncidents(scope, [id(7), id(8)], window)],
  [
    'bulk actions of incidents',
    (scope) => rowsOfIncidents(scope, 'bulk_action', [id(7), id(8)], window, bulkActionOf),
  ],
  ['counts of bulk actions', (scope) => bulkTargetCounts(scope, [id(7), id(8)])],
  ['targets of bulk actions', (scope) => targetsOfBulkActions(scope, [id(7), id(8)], window, null)],
  ['what failed of bulk actions', (scope) => targetsOfBulkActions(scope, [id(7)], window, ['FAILED'])],
  ['bulk actions that run', (scope) => runningBulkActions(scope, 50)],
  ['what a bulk action muted', (scope) => mutesOfBulkAction(scope, id(7))],
  ['what there is of a bulk action', (scope) => bulkActionEvidence(scope, id(7))],
  ['bulk actions that no event tells of', (scope) => strayBulkActions(scope, id(700), 100)],
  ['the last of them', (scope) => strayBulkActions(scope, id(1_400), 500)],
  ['muted targets', (scope) => mutedTargetPage(scope, 'source7', window)],
  ['targets of incidents', (scope) => runTargetsOfIncidents(scope, [id(7), id(8)], window)],
  ...by(
    'lost signals',
    anyLoss,
    [{ name: 'rule7' }, { at: range }],
    lostSignals,
    encodeCursor([now, 'DROPPED', 'rule7']),
  ),
  ...relations.flatMap((relation): readonly Read[] => [
    [
      `incidents related by ${relation}`,
      (scope) => relatedIncidents(scope, [id(7), id(8)], { window, by: relation }),
    ],
    [`how many are related by ${relation}`, (scope) => relatedCounts(scope, [id(7), id(8)], relation)],
  ]),
  ['who holds a dedup key', (scope) => incidentOfDedupKey(scope, 'dedup7')],
  ['how often an alert was seen', (scope) => occurrencesOf(scope, id(7))],
];

/** Every list but that of incidents, by each of its filters. */
export const listedReads: readonly Read[] = [
  ...by(
    'signals',
    anySignal,
    [
      { incidentId: id(7) },
      { type: ['LOG'] },
      { source: ['source7'] },
      { correlationKey: 'key7' },
      { traceId: 'trace7' },
      { cleared: true },
      { cleared: false },
      { at: range },
    ],
    signalPage,
    encodeCursor([now, id(7)]),
  ),
  ...by(
    'events',
    anyEvent,
    [
      { incidentId: id(7) },
      { types: { of: ['INCIDENT_ESCALATED'], besides: null } },
      { severity: ['SEV1'] },
      { publicOnly: true },
    ],
    (scope, filter) => incidentEvents(scope, filter, 100, 25),
  ),
  ...by(
    'the access log',
    anyAccess,
    [
      { actorId: 'user7' },
      { fields: ['apiKeys', 'members'] },
      { outcome: 'REFUSED' },
      { at: range },
      { actorId: 'user7', fields: ['members'], outcome: 'ALLOWED', at: range },
    ],
    accessLogPage,
    encodeCursor([now, id(7)]),
  ),
  ...ofDetection,
];
