import { isPerson } from '../access/actor.ts';
import type { Instant } from '../instant.ts';
import { UnknownEventError } from '../ledger/unknownEvent.ts';
import { burnRate } from './burnRate.ts';
import type { IncidentEvent, IncidentEventOf, IncidentEventType } from './events.ts';
import { evolveAbsorbed } from './evolveAbsorbed.ts';
import { evolveAcknowledgement } from './evolveAcknowledgement.ts';
import { evolveBulkAction } from './evolveBulkAction.ts';
import { evolveDetails } from './evolveDetails.ts';
import { evolveEscalation } from './evolveEscalation.ts';
import { evolveLifecycle } from './evolveLifecycle.ts';
import { evolveSignals } from './evolveSignals.ts';
import { evolvePersonal, evolveSync } from './evolveSync.ts';
import { type IncidentState, listLimit, type SlaProgress } from './state.ts';

/** The newest version of an event's payload that is understood here, whatever its type. */
const typeVersion = 1;

/** Events after which an older `expectedVersion` is still good: nothing a person decides on has changed. */
const immaterial: ReadonlySet<IncidentEventType> = new Set<IncidentEventType>([
  'INCIDENT_SIGNAL_INGESTED',
  'INCIDENT_SIGNAL_CLEARED',
  'INCIDENT_BURST_GREW',
  'INCIDENT_SYNCED',
  'INCIDENT_BULK_ACTION_FINISHED',
  'INCIDENT_SLA_AT_RISK',
  'INCIDENT_SLA_BREACHED',
  'INCIDENT_ESCALATED',
  'INCIDENT_NOTES_EDITED',
]);

/** Events that are activity whoever caused them; any other is activity only when a person did it. */
const activity: ReadonlySet<IncidentEventType> = new Set<IncidentEventType>([
  'INCIDENT_CREATED',
  'INCIDENT_SIGNAL_INGESTED',
  'INCIDENT_SIGNAL_CLEARED',
  'INCIDENT_BURST_GREW',
  'INCIDENT_SYNCED',
  'INCIDENT_ESCALATED',
  'INCIDENT_ABSORBED',
]);

/**
 * The only way a state is made: the state after `event`, given the one before it (null before INCIDENT_CREATED).
 * Pure; it reads neither `statusBefore`, `statusAfter` nor `severity` of the envelope, because it is what decides them.
 *
 * @throws TypeError when the first event of an incident is not INCIDENT_CREATED, or a later one is: a ledger that
 *   says so is broken. UnknownEventError when a newer program wrote it.
 */
export function evolve(state: IncidentState | null, event: IncidentEvent): IncidentState {
  if (event.typeVersion > typeVersion) throw new UnknownEventError();
  if (state === null || event.type === 'INCIDENT_CREATED') {
    if (state !== null || event.type !== 'INCIDENT_CREATED') {
      throw new TypeError(`Event ${event.version} of incident ${event.incident} is ${event.type}.`);
    }
    return created(event);
  }
  const isActivity = activity.has(event.type) || isPerson(event.actor);
  return {
    ...state,
    ...changes(state, event),
    ...evolvePersonal(state, event),
    version: event.version,
    materialVersion: immaterial.has(event.type) ? state.materialVersion : event.version,
    updatedAt: event.at,
    // Activity starts the silence anew, so the next silence is warned of again.
    ...(isActivity ? { lastActivityAt: event.at, autoResolveWarnedAt: null } : null),
  };
}

function changes(
  state: IncidentState,
  event: Exclude<IncidentEvent, { readonly type: 'INCIDENT_CREATED' }>,
): Partial<IncidentState> | null {
  switch (event.type) {
    case 'INCIDENT_ACKNOWLEDGED':
    case 'INCIDENT_UNACKNOWLEDGED':
      return evolveAcknowledgement(state, event);
    case 'INCIDENT_STATUS_CHANGED':
    case 'INCIDENT_SEVERITY_CHANGED':
    case 'INCIDENT_ROOT_CAUSE_RECORDED':
    case 'INCIDENT_ROOT_CAUSE_VERIFIED':
    case 'INCIDENT_RESOLVED':
    case 'INCIDENT_CLOSED':
    case 'INCIDENT_CANCELLED':
    case 'INCIDENT_REOPENED':
    case 'INCIDENT_MERGED':
      return evolveLifecycle(state, event);
    case 'INCIDENT_ABSORBED':
      return evolveAbsorbed(state, event);
    case 'INCIDENT_SIGNAL_INGESTED':
    case 'INCIDENT_SIGNAL_CLEARED':
    case 'INCIDENT_SIGNAL_SPLIT':
    case 'INCIDENT_BURST_GREW':
      return evolveSignals(state, event);
    case 'INCIDENT_SYNCED':
      return evolveSync(state, event);
    case 'INCIDENT_ESCALATED':
    case 'INCIDENT_SLA_AT_RISK':
    case 'INCIDENT_SLA_BREACHED':
    case 'INCIDENT_AUTO_RESOLVE_WARNED':
    case 'INCIDENT_SNOOZED':
      return evolveEscalation(state, event);
    case 'INCIDENT_BULK_ACTION_STARTED':
    case 'INCIDENT_BULK_ACTION_CANCELLED':
    case 'INCIDENT_BULK_ACTION_FINISHED':
      return evolveBulkAction(state, event);
    case 'INCIDENT_NOTE_ADDED':
    case 'INCIDENT_VISIBILITY_CHANGED':
      return null;
    case 'INCIDENT_SLO_VIOLATION_RECORDED': {
      const { sloId } = event.payload;
      return { latestSloViolation: { sloId, burnRate: burnRate(event.payload), at: event.at } };
    }
    default:
      return evolveDetails(state, event);
  }
}

function slaFrom(from: Instant): SlaProgress {
  return { from, atRiskNotedAt: null, metAt: null, breachedAt: null, endedAt: null };
}

function created(event: IncidentEventOf<'INCIDENT_CREATED'>): IncidentState {
  const { payload, at } = event;
  const attached = payload.attachedSignalIds ?? [];
  return {
    id: event.incident,
    version: event.version,
    materialVersion: event.version,
    title: payload.title,
    description: payload.description,
    type: payload.type,
    severity: payload.severity,
    status: 'REPORTED',
    mode: payload.mode,
    impact: payload.impact,
    environment: payload.environment,
    serviceId: payload.serviceId,
    projectId: payload.projectId,
    source: payload.source,
    tags: payload.tags,
    correlationKeys: payload.correlationKeys,
    tickets: [],
    externalRefs: payload.externalRefs,
    affectedServices: [],
    commanderId: null,
    techLeadId: null,
    commsLeadId: null,
    assigneeId: null,
    ownerTeamId: payload.ownerTeamId,
    runbook: payload.runbook,
    notes: '',
    notesVersion: 0,
    reportedBy: event.actor,
    detectedAt: payload.detectedAt,
    reportedAt: at,
    startedAt: payload.startedAt,
    ...nothingYet,
    updatedAt: at,
    lastActivityAt: at,
    acknowledgeSla: slaFrom(payload.detectedAt),
    resolveSla: slaFrom(payload.detectedAt),
    signalCount: attached.length,
    primarySignalId: attached[0] ?? null,
    dedupKeys: payload.dedupKeys.slice(0, listLimit),
    splitFromId: payload.splitFromIncidentId ?? null,
  };
}

/** What no incident has when it is declared. */
const nothingYet = {
  endedAt: null,
  acknowledgement: null,
  firstAcknowledgement: null,
  unacknowledgedAt: null,
  snoozedUntil: null,
  reopenedAt: null,
  mitigatedAt: null,
  resolvedAt: null,
  closedAt: null,
  cancelledAt: null,
  pagingRequestedAt: null,
  autoResolveWarnedAt: null,
  rootCause: null,
  resolution: null,
  escalationLevel: 0,
  severityRaisedAt: null,
  firedRules: [],
  latestSloViolation: null,
  openSignalCount: 0,
  burst: null,
  sync: null,
  bulkAction: null,
  actionCount: 0,
  lastAction: null,
  mergedInto: null,
  mergedIncidentIds: [],
} as const satisfies Partial<IncidentState>;
