import { v7 } from 'uuid';
import type { Actor } from '../../src/domain/access/actor.ts';
import { deadlinesOf } from '../../src/domain/incident/deadlines.ts';
import type { IncidentFact } from '../../src/domain/incident/events.ts';
import { stampAll } from '../../src/domain/incident/stamp.ts';
import { type IncidentRecord, type IncidentState, stateShape } from '../../src/domain/incident/state.ts';
import type { Instant } from '../../src/domain/instant.ts';
import { encodeBody } from '../../src/domain/ledger/body.ts';
import { defaultPolicy } from '../../src/domain/policy/defaults.ts';
import type { Policy } from '../../src/domain/policy/policy.ts';
import type { Database } from '../../src/store/database.ts';
import { foundOrganization } from '../../src/store/foundOrganization.ts';
import { changedListRow } from '../../src/store/listRow.ts';
import type { Change, CommitOutcome, LoadRequest } from '../../src/store/port.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { mergeRows, rowsOf } from '../../src/store/projection.ts';

/** When every test begins. */
export const start: Instant = '2026-11-20T19:00:00.000Z';
const ada: Actor = { kind: 'USER', id: 'ada', role: 'SRE_LEAD' };

/** Founds an organization and answers its id. */
export async function founded(database: Database, slug: string): Promise<string> {
  const organizationId = v7();
  const isFounded = await foundOrganization(database, {
    organizationId,
    slug,
    name: slug,
    at: start,
    commandId: v7(),
    administrator: { userId: 'ada', name: 'Ada', email: 'ada@example.com' },
    key: null,
  });
  if (!isFounded) throw new Error(`${slug} exists already.`);
  return organizationId;
}

/** The fact of a declaration; `more` replaces what it says. */
export function created(more: Record<string, unknown> = {}): IncidentFact {
  return {
    type: 'INCIDENT_CREATED',
    payload: {
      title: 'Checkout answers 502',
      description: 'A third of all requests, since the last deployment.',
      severity: 'SEV2',
      mode: 'STANDARD',
      type: null,
      impact: null,
      environment: null,
      serviceId: null,
      projectId: null,
      ownerTeamId: null,
      source: 'manual',
      tags: [],
      correlationKeys: [],
      runbook: null,
      externalRefs: [],
      detectedAt: start,
      startedAt: null,
      dedupKeys: [],
      ...more,
    },
  } as IncidentFact;
}

/** The fact of a note. */
export function noted(message: string): IncidentFact {
  return { type: 'INCIDENT_NOTE_ADDED', payload: { message } };
}

/** The fact of a signal that fires; `more` replaces what it says. */
export function ingested(more: Record<string, unknown>): IncidentFact {
  return {
    type: 'INCIDENT_SIGNAL_INGESTED',
    payload: {
      signalId: v7(),
      signalType: 'ALERT',
      source: 'alertmanager',
      serviceId: null,
      environment: null,
      projectId: null,
      summary: 'High error rate',
      severity: 'critical',
      fingerprint: null,
      correlationKey: null,
      traceId: null,
      dataDigest: null,
      observedAt: start,
      firing: true,
      keyJoined: false,
      ...more,
    },
  } as IncidentFact;
}

/** What a change is made on top of. */
export interface Before {
  readonly state: IncidentState;
  readonly policyVersion: number;
}

/** A change that records these facts, with the state after it; `more` replaces parts of the change. */
export function changeOf(
  incidentId: string,
  before: Before | null,
  facts: readonly IncidentFact[],
  more: Partial<Change> = {},
  policy: Policy = defaultPolicy,
): { readonly change: Change; readonly after: Before } {
  const commandId = v7();
  const at = before?.state.updatedAt ?? start;
  const stamping = { incidentId, commandId, actor: ada, at, policy };
  const { events, state } = stampAll(before?.state ?? null, facts, stamping);
  if (state === null) throw new Error('Nothing to stamp.');
  const { description, notes, ...rest } = state;
  const projections = events.map(rowsOf);
  const hasText = (['title', 'description', 'notes'] as const).some(
    (text) => before?.state[text] !== state[text],
  );
  const change: Change = {
    incidentId,
    baseVersion: before?.state.version ?? 0,
    administrationSequence: null,
    commandId,
    events: events.map((event) => ({
      ledger: 'INCIDENTS',
      type: event.type,
      incidentId,
      version: event.version,
      at: event.at,
      isPublic: event.isPublic,
      severity: event.severity,
      body: encodeBody(event),
    })),
    incident: {
      shape: stateShape,
      state: JSON.stringify(rest),
      policyVersion: policy.version,
      text: hasText ? { description, notes } : null,
      snapshots:
        state.version % 32 === 0 ? [{ version: state.version, at, state: JSON.stringify(state) }] : [],
      list: changedListRow(before, state, policy),
    },
    rows: mergeRows(projections.map(({ rows }) => rows)),
    deletes: mergeRows(projections.map(({ deletes }) => deletes)),
    deadlines: deadlinesOf(state, policy).map(({ kind, key, dueAt }) => ({ kind, key, dueAt })),
    dedupKeys: null,
    request: null,
    ...more,
  };
  return { change, after: { state, policyVersion: policy.version } };
}

/** Commits changes decided under the first policy. */
export function commit(
  database: Database,
  organizationId: string,
  changes: readonly Change[],
  policyVersion = 1,
): Promise<readonly CommitOutcome[]> {
  return createPostgresStore(database).commit({ organizationId, policyVersion, changes });
}

/** Declares an incident and answers its id and state. */
export async function declared(
  database: Database,
  organizationId: string,
  more: Record<string, unknown> = {},
): Promise<{ readonly id: string; readonly after: Before }> {
  const id = v7();
  const { change, after } = changeOf(id, null, [created(more)]);
  const [outcome] = await commit(database, organizationId, [change]);
  if (outcome?.kind !== 'committed') throw new Error(`Not declared: ${JSON.stringify(outcome)}`);
  return { id, after };
}

/** A load that asks for nothing but what is given. */
export function loading(organizationId: string, wanted: Partial<LoadRequest>): LoadRequest {
  return {
    organizationId,
    incidentIds: [],
    dedupKeys: [],
    requests: [],
    names: [],
    userIds: [],
    signalIds: [],
    fingerprints: [],
    allOpenSignalsOfDedupKeys: [],
    episodes: [],
    episodesInAnyCase: false,
    sequences: [],
    apiKeyIds: [],
    joinable: [],
    errors: [],
    runs: null,
    administration: null,
    ...wanted,
  };
}

/** An incident as the store has it. */
export async function stored(
  database: Database,
  organizationId: string,
  incidentId: string,
): Promise<IncidentRecord> {
  const { incidents } = await createPostgresStore(database).load(
    loading(organizationId, { incidentIds: [incidentId] }),
  );
  if (incidents[0] === undefined) throw new Error(`There is no incident ${incidentId}.`);
  return incidents[0];
}
