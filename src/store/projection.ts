import type { AdministrationEvent } from '../domain/administration/events.ts';
import { labelOf } from '../domain/bulkAction/bulkAction.ts';
import { defaultSloPeriodDays } from '../domain/incident/burnRate.ts';
import type {
  IncidentEvent,
  IncidentEventOf,
  IncidentEventPayloads,
  IngestedSignal,
  NewName,
} from '../domain/incident/events.ts';
import { nameKey } from '../domain/incident/naming.ts';
import type { FollowUp } from '../domain/incident/state.ts';
import type { NameKind } from '../domain/incident/vocabulary.ts';
import { administrationRows } from './administrationRows.ts';
import type { TableRows } from './port.ts';

/** What an event writes into tables beside its incident's own rows; also what replaying it must find there. */
export interface Projection {
  readonly rows: TableRows;
  readonly deletes: TableRows;
}

type Row = Readonly<Record<string, unknown>>;

/**
 * The rows of an event, derived from nothing but the event. Some names are not tables but what happens to rows of one:
 * `signal_attachment`, `signal_clearing`, `signal_departure`, `signal_repeat`, `escalation_acknowledgement`, and those of administration.
 */
export function rowsOf(event: IncidentEvent | AdministrationEvent): Projection {
  if (event.type === 'INCIDENT_TAG_REMOVED') {
    return { rows: {}, deletes: { incident_tag: [{ incident_id: event.incident, tag: event.payload.tag }] } };
  }
  return { rows: 'incident' in event ? incidentRows(event) : administrationRows(event), deletes: {} };
}

/** The rows of several events (and extra ones) as one, each table's in order. */
export function mergeRows(all: readonly TableRows[]): TableRows {
  const merged: Record<string, Row[]> = {};
  for (const tables of all) {
    for (const [table, rows] of Object.entries(tables)) {
      merged[table] ??= [];
      merged[table].push(...rows);
    }
  }
  return merged;
}

function incidentRows(event: IncidentEvent): TableRows {
  const incident_id = event.incident;
  switch (event.type) {
    case 'INCIDENT_CREATED':
      return createdRows(event);
    case 'INCIDENT_UPDATED':
    case 'INCIDENT_ASSIGNED':
    case 'INCIDENT_AFFECTED_SERVICES_SET':
      return nameRows(event.payload.names);
    case 'INCIDENT_TAG_ADDED':
      return { incident_tag: [{ incident_id, tag: event.payload.tag }] };
    case 'INCIDENT_ACKNOWLEDGED':
      return {
        escalation_acknowledgement: [{ incident_id, version: event.version, acknowledged_at: event.at }],
      };
    case 'INCIDENT_RESOLVED':
    case 'INCIDENT_CLOSED':
      return followUpRows(incident_id, event.payload.followUps);
    case 'INCIDENT_VISIBILITY_CHANGED': {
      const { ofSequence, isPublic } = event.payload;
      return { timeline_visibility: [{ sequence: ofSequence, incident_id, is_public: isPublic }] };
    }
    case 'INCIDENT_PLAYBOOK_ACTION_EXECUTED':
      return { incident_action: [actionRow(event, event.payload)] };
    case 'INCIDENT_SIGNAL_INGESTED':
      return ingestedRows(event);
    case 'INCIDENT_ABSORBED':
      return correlationKeyRows(incident_id, event.payload.correlationKeys);
    case 'INCIDENT_SIGNAL_SPLIT':
      // The new incident's event makes its row.
      return { signal_departure: [{ id: event.payload.signalId, incident_id }] };
    case 'INCIDENT_SIGNAL_CLEARED':
      return { signal_clearing: [{ id: event.payload.signalId, cleared_at: event.payload.clearedAt }] };
    case 'INCIDENT_BURST_GREW': {
      const { source, ordinal, startedAt, endedAt } = event.payload;
      return { run_burst: [{ incident_id, source, ordinal, started_at: startedAt, ended_at: endedAt }] };
    }
    case 'INCIDENT_BULK_ACTION_STARTED':
      return startedRows(event);
    case 'INCIDENT_BULK_ACTION_CANCELLED':
      return { bulk_action_cancellation: [{ id: event.payload.bulkActionId, cancelled_at: event.at }] };
    case 'INCIDENT_BULK_ACTION_FINISHED':
      return { bulk_action_finish: [finishRow(event)] };
    case 'INCIDENT_SLO_VIOLATION_RECORDED':
      return { slo_violation: [sloViolationRow(event)] };
    case 'INCIDENT_ESCALATED':
      return { escalation: [escalationRow(event)] };
    default:
      return {};
  }
}

function createdRows(event: IncidentEventOf<'INCIDENT_CREATED'>): TableRows {
  const incident_id = event.incident;
  const { tags, correlationKeys, names, attachedSignalIds = [] } = event.payload;
  return {
    ...nameRows(names),
    ...nonEmpty(
      'incident_tag',
      tags.map((tag) => ({ incident_id, tag })),
    ),
    ...correlationKeyRows(incident_id, correlationKeys),
    ...nonEmpty(
      'signal_attachment',
      attachedSignalIds.map((id) => ({ id, incident_id })),
    ),
  };
}

function correlationKeyRows(incident_id: string, keys: readonly string[]): TableRows {
  return nonEmpty(
    'incident_correlation_key',
    keys.map((correlation_key) => ({ incident_id, correlation_key })),
  );
}

const nameTables: Readonly<Record<NameKind, string>> = {
  SERVICE: 'service',
  TEAM: 'team',
  PROJECT: 'project',
};

function nameRows(names: readonly NewName[] = []): TableRows {
  return mergeRows(
    names.map(({ kind, id, name }) => ({ [nameTables[kind]]: [{ id, name, name_key: nameKey(name) }] })),
  );
}

function ingestedRows(event: IncidentEventOf<'INCIDENT_SIGNAL_INGESTED'>): TableRows {
  const { payload, incident } = event;
  const joined = payload.keyJoined ? payload.correlationKey : null;
  return {
    ...nameRows(payload.names),
    signal: [{ ...signalRow(payload, incident), cleared_at: payload.clearedAt ?? null }],
    ...correlationKeyRows(incident, joined === null ? [] : [joined]),
  };
}

/** A signal as it is when it arrives: seen once, and firing if its source will clear it. */
function signalRow(signal: IngestedSignal, incidentId: string): Row {
  return {
    id: signal.signalId,
    incident_id: incidentId,
    type: signal.signalType,
    source: signal.source,
    service_id: signal.serviceId,
    environment: signal.environment,
    project_id: signal.projectId,
    summary: signal.summary,
    severity: signal.severity,
    fingerprint: signal.fingerprint,
    correlation_key: signal.correlationKey,
    trace_id: signal.traceId,
    data_digest: signal.dataDigest,
    at: signal.observedAt,
    firing: signal.firing,
    dedup_key: signal.dedupKey ?? null,
    began_at: signal.beganAt ?? null,
    count: 1,
    last_seen_at: signal.observedAt,
  };
}

type ActionEvent = IncidentEventOf<'INCIDENT_PLAYBOOK_ACTION_EXECUTED' | 'INCIDENT_BULK_ACTION_STARTED'>;

/** A bulk action is an action, too, of the same id. */
function startedRows(event: IncidentEventOf<'INCIDENT_BULK_ACTION_STARTED'>): TableRows {
  const { payload, actor } = event;
  const row = {
    id: payload.bulkActionId,
    incident_id: event.incident,
    source: payload.source,
    action: payload.action,
    target_count: payload.targetCount,
    targets_digest: payload.targetsDigest,
    concurrency: payload.concurrency,
    throttle_milliseconds: payload.throttleMilliseconds,
    actor_kind: actor.kind,
    actor_id: actor.id,
    actor_role: actor.role,
    started_at: event.at,
    version: event.version,
    cancelled_at: null,
    finished_at: null,
    results_digest: null,
    mutes_digest: null,
    succeeded_count: null,
    failed_count: null,
    cancelled_count: null,
  };
  const action = { actionId: row.id, kind: 'BULK', label: labelOf(payload), details: null } as const;
  return { incident_action: [actionRow(event, action)], bulk_action: [row] };
}

function finishRow({ payload, at }: IncidentEventOf<'INCIDENT_BULK_ACTION_FINISHED'>): Row {
  return {
    id: payload.bulkActionId,
    finished_at: at,
    results_digest: payload.resultsDigest,
    mutes_digest: payload.mutesDigest,
    succeeded_count: payload.succeeded,
    failed_count: payload.failed,
    cancelled_count: payload.cancelled,
  };
}

function actionRow(
  event: ActionEvent,
  { actionId, kind, label, details }: IncidentEventPayloads['INCIDENT_PLAYBOOK_ACTION_EXECUTED'],
): Row {
  const { actor } = event;
  return {
    id: actionId,
    incident_id: event.incident,
    kind,
    label,
    details,
    actor_kind: actor.kind,
    actor_id: actor.id,
    actor_role: actor.role,
    at: event.at,
    version: event.version,
  };
}

function sloViolationRow(event: IncidentEventOf<'INCIDENT_SLO_VIOLATION_RECORDED'>): Row {
  const { payload } = event;
  return {
    id: payload.violationId,
    incident_id: event.incident,
    slo_id: payload.sloId,
    window_start: payload.windowStart,
    window_end: payload.windowEnd,
    error_budget_consumed: payload.errorBudgetConsumed,
    threshold_breached: payload.thresholdBreached,
    period_days: payload.periodDays ?? defaultSloPeriodDays,
    details: payload.details,
    at: event.at,
    version: event.version,
  };
}

function escalationRow(event: IncidentEventOf<'INCIDENT_ESCALATED'>): Row {
  const { payload } = event;
  return {
    id: payload.escalationId,
    incident_id: event.incident,
    reason: payload.reason,
    rule: payload.rule,
    after_minutes: payload.afterMinutes,
    level: payload.level,
    target: payload.target,
    note: payload.note,
    severity: payload.severity,
    at: event.at,
    version: event.version,
    acknowledged_at: null,
  };
}

function followUpRows(incidentId: string, followUps: readonly FollowUp[]): TableRows {
  return nonEmpty(
    'follow_up',
    followUps.map(({ id, description }) => ({
      id,
      incident_id: incidentId,
      description,
      status: 'OPEN',
      assignee_id: null,
      due_at: null,
      completed_at: null,
    })),
  );
}

function nonEmpty(table: string, rows: readonly Row[]): TableRows {
  return rows.length === 0 ? {} : { [table]: rows };
}
