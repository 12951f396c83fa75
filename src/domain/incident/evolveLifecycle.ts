import type { Instant } from '../instant.ts';
import type { IncidentEventOf } from './events.ts';
import { type IncidentState, listLimit, type SlaProgress } from './state.ts';
import { type IncidentSeverity, type IncidentStatus, severities } from './vocabulary.ts';

type LifecycleEvent = IncidentEventOf<
  | 'INCIDENT_STATUS_CHANGED'
  | 'INCIDENT_SEVERITY_CHANGED'
  | 'INCIDENT_ROOT_CAUSE_RECORDED'
  | 'INCIDENT_ROOT_CAUSE_VERIFIED'
  | 'INCIDENT_RESOLVED'
  | 'INCIDENT_CLOSED'
  | 'INCIDENT_CANCELLED'
  | 'INCIDENT_REOPENED'
  | 'INCIDENT_MERGED'
>;

/** What an event that moves an incident along its workflow changes. */
export function evolveLifecycle(state: IncidentState, event: LifecycleEvent): Partial<IncidentState> {
  const { at } = event;
  switch (event.type) {
    case 'INCIDENT_STATUS_CHANGED':
      // A move back says that the mitigation did not hold; the ledger keeps when it was believed to.
      return { status: event.payload.to, mitigatedAt: event.payload.to === 'MITIGATED' ? at : null };
    case 'INCIDENT_SEVERITY_CHANGED':
      return severityChanged(state, event.payload.to, at);
    case 'INCIDENT_ROOT_CAUSE_RECORDED':
      return {
        status: beforeIdentified.has(state.status) ? 'IDENTIFIED' : state.status,
        rootCause: {
          summary: event.payload.summary,
          category: event.payload.category,
          remediationSteps: event.payload.remediationSteps,
          identifiedBy: event.actor,
          identifiedAt: at,
          verifiedAt: null,
          verifiedBy: null,
        },
      };
    case 'INCIDENT_ROOT_CAUSE_VERIFIED':
      return state.rootCause === null
        ? {}
        : { rootCause: { ...state.rootCause, verifiedAt: at, verifiedBy: event.actor } };
    case 'INCIDENT_RESOLVED':
      return resolved(state, event);
    case 'INCIDENT_CLOSED':
      return closed(state, event);
    case 'INCIDENT_CANCELLED':
      return cancelled(state, at);
    case 'INCIDENT_MERGED': {
      const { intoIncidentId: incidentId, intoNumber: number } = event.payload;
      return { ...cancelled(state, at), mergedInto: { incidentId, number } };
    }
    case 'INCIDENT_REOPENED':
      return reopened(state, at);
  }
}

function cancelled(state: IncidentState, at: Instant): Partial<IncidentState> {
  return {
    status: 'CANCELLED',
    cancelledAt: at,
    snoozedUntil: null,
    acknowledgeSla: ended(state.acknowledgeSla, at),
    resolveSla: ended(state.resolveSla, at),
  };
}

const beforeIdentified: ReadonlySet<IncidentStatus> = new Set<IncidentStatus>([
  'REPORTED',
  'ACKNOWLEDGED',
  'INVESTIGATING',
]);

function isRunning(sla: SlaProgress): boolean {
  return sla.metAt === null && sla.breachedAt === null && sla.endedAt === null;
}

/** Neither met nor breached, if it was still running. */
function ended(sla: SlaProgress, at: Instant): SlaProgress {
  return isRunning(sla) ? { ...sla, endedAt: at } : sla;
}

function severityChanged(state: IncidentState, to: IncidentSeverity, at: Instant): Partial<IncidentState> {
  const raised = severities.indexOf(to) < severities.indexOf(state.severity);
  if (raised) {
    return { severity: to, ...(to === 'SEV1' || to === 'SEV2' ? { severityRaisedAt: at } : null) };
  }
  // A lower severity allows more time: an SLA still running will be at risk anew, at a later instant.
  const relaxed = (sla: SlaProgress) => (isRunning(sla) ? { ...sla, atRiskNotedAt: null } : sla);
  return {
    severity: to,
    acknowledgeSla: relaxed(state.acknowledgeSla),
    resolveSla: relaxed(state.resolveSla),
  };
}

function resolved(state: IncidentState, event: IncidentEventOf<'INCIDENT_RESOLVED'>): Partial<IncidentState> {
  const { payload, at } = event;
  return {
    status: 'RESOLVED',
    resolvedAt: at,
    snoozedUntil: null,
    resolution: {
      summary: payload.summary,
      notes: payload.notes,
      impactAssessment: payload.impactAssessment,
      lessonsLearned: payload.lessonsLearned,
      followUps: payload.followUps,
      noFollowUpsBecause: null,
      automatic: payload.automatic,
      resolvedBy: event.actor,
      resolvedAt: at,
    },
    acknowledgeSla: ended(state.acknowledgeSla, at),
    resolveSla: isRunning(state.resolveSla) ? { ...state.resolveSla, metAt: at } : state.resolveSla,
  };
}

function closed(state: IncidentState, event: IncidentEventOf<'INCIDENT_CLOSED'>): Partial<IncidentState> {
  const { payload, at } = event;
  const { resolution } = state;
  return {
    status: 'CLOSED',
    closedAt: at,
    resolution:
      resolution === null
        ? null
        : {
            ...resolution,
            lessonsLearned: payload.lessonsLearned ?? resolution.lessonsLearned,
            followUps: [...resolution.followUps, ...payload.followUps].slice(0, listLimit),
            noFollowUpsBecause: payload.noFollowUpsBecause,
          },
  };
}

function reopened(state: IncidentState, at: Instant): Partial<IncidentState> {
  return {
    status: 'INVESTIGATING',
    reopenedAt: at,
    mitigatedAt: null,
    resolvedAt: null,
    resolution: null,
    resolveSla: { from: at, atRiskNotedAt: null, metAt: null, breachedAt: null, endedAt: null },
    // Nobody has acknowledged it: NO_ACK counts from the reopening.
    firedRules:
      state.acknowledgement === null
        ? state.firedRules.filter((fired) => fired.reason !== 'NO_ACK')
        : state.firedRules,
  };
}
