import { createHash } from 'node:crypto';
import { authorize } from '../domain/access/permissions.ts';
import { type CheckedIncident, checkedSync, type SyncReport } from '../domain/detection/checkedSync.ts';
import { configuredIncident } from '../domain/detection/configuredIncident.ts';
import { keyOfSync, type SyncedIncident } from '../domain/detection/syncedIncident.ts';
import type { IncidentCommandInputs } from '../domain/incident/commands.ts';
import type { IncidentRecord } from '../domain/incident/state.ts';
import { syncedInto } from '../domain/incident/syncIncidents.ts';
import type { Instant } from '../domain/instant.ts';
import type { Refusal } from '../domain/refusal.ts';
import { incidentsByDedupKeys } from '../store/read/incidentsByDedupKeys.ts';
import { type Answer, type IdempotentRequest, OverloadedError } from './answer.ts';
import type { Reporting } from './reportErrors.ts';

/**
 * What a sync did to an incident. UNCHANGED: nothing of it was new, or nothing of it may change any more. SUPPRESSED: a
 * maintenance window kept it from being declared.
 */
export const syncOutcomes = ['CREATED', 'UPDATED', 'UNCHANGED', 'SUPPRESSED'] as const;
export type SyncOutcome = (typeof syncOutcomes)[number];

/** What became of one incident, and which of ours it is; null when it was suppressed. */
export interface IncidentSync {
  readonly source: string;
  readonly key: string;
  readonly outcome: SyncOutcome;
  readonly incidentId: string | null;
  readonly number: number | null;
}

/** What became of each incident, in the order they were told. */
export interface IncidentsSynced {
  readonly kind: 'done';
  readonly incidents: readonly IncidentSync[];
  /** To resume a subscription from; 0 when nothing was written. */
  readonly sequence: number;
}

/** An incident of a sync: one command. */
interface Told {
  readonly incident: SyncedIncident;
  readonly input: IncidentCommandInputs['syncIncidents'];
  readonly request: IdempotentRequest | null;
}

/**
 * Syncs incidents that another system has, read as their key is configured: one command for each that is not so
 * already, which one statement finds out. What is told again, whole or in part, has one effect. With an idempotency key
 * each command has one of its own, made of it, so that a repeat is told what the first time did.
 *
 * @throws OverloadedError when some could not be carried out: tell all of them again.
 */
export async function syncIncidents(
  report: SyncReport,
  syncing: Omit<Reporting, 'newId'> & { readonly now: Instant },
): Promise<IncidentsSynced | Refusal> {
  const { principal, scope, request, now } = syncing;
  const forbidden = authorize('syncIncidents', { ...principal.actor, scopes: principal.scopes });
  if (forbidden !== null) return forbidden;
  const { ingest } = principal;
  const incidents = report.incidents.map((incident) => configuredIncident(incident, ingest));
  const checked = checkedSync({ source: report.source ?? ingest?.source ?? null, incidents }, now);
  if ('kind' in checked) return checked;
  const all = checked.map((one, index) => toldOf(one, index, request));
  const known = await incidentsByDedupKeys(scope, all.map(keyOf));
  const outcomes = new Map<Told, Outcome>();
  const [first] = all;
  let isRepeat = false;
  if (first !== undefined && request !== null) {
    // It carries the caller's key: whoever reuses that for something else is told so before any of this counts.
    const answer = await tell(first, syncing);
    if (answer.kind === 'refused') return answer.refusal;
    isRepeat = answer.replayed;
    outcomes.set(first, outcomeOf(answer));
  }
  const left = all.filter((told, index) => {
    if (outcomes.has(told)) return false;
    const record = known[index];
    if (isRepeat || !record || syncedInto(record.state, told.incident) !== null) return true;
    outcomes.set(told, { kind: 'UNCHANGED', record, sequence: 0 });
    return false;
  });
  const settled = await Promise.allSettled(left.map((told) => tell(told, syncing)));
  for (const [index, one] of settled.entries()) {
    if (one.status === 'rejected') throw one.reason;
    if (one.value.kind === 'refused') return one.value.refusal;
    outcomes.set(left[index] as Told, outcomeOf(one.value));
  }
  const found = all.map((told) => outcomes.get(told) as Outcome);
  return {
    kind: 'done',
    incidents: all.map(({ incident }, index) => syncOf(incident, found[index] as Outcome)),
    sequence: Math.max(...found.map(({ sequence }) => sequence)),
  };
}

interface Outcome {
  readonly kind: SyncOutcome;
  /** Null when it was suppressed. */
  readonly record: IncidentRecord | null;
  readonly sequence: number;
}

function toldOf(
  { incident: checked, ...rest }: CheckedIncident,
  index: number,
  request: IdempotentRequest | null,
): Told {
  const { targets } = rest;
  const targetsDigest = targets.length === 0 ? null : sha256(JSON.stringify(targets));
  const incident = { ...checked, targetsDigest };
  const own =
    request === null || index === 0 ? request : { ...request, key: sha256(`${request.key}\n${index}`) };
  return { incident, input: { ...rest, incident }, request: own };
}

function keyOf({ incident }: Told): string {
  return keyOfSync(incident.source, incident.key);
}

function tell(told: Told, { principal, handle }: Pick<Reporting, 'principal' | 'handle'>): Promise<Answer> {
  const { input, request } = told;
  return handle({
    organizationId: principal.organizationId,
    actor: principal.actor,
    scopes: principal.scopes,
    target: { by: 'dedupKey', key: keyOf(told) },
    command: { name: 'syncIncidents', input },
    request,
  });
}

/** By what it wrote itself: what was due by then is written with it. */
function outcomeOf(answer: Extract<Answer, { readonly kind: 'done' }>): Outcome {
  const { incident: record, entries } = answer;
  if (record === null && entries.length === 0) return { kind: 'SUPPRESSED', record, sequence: 0 };
  // It was committed, and cannot be shown now: told again, it is unchanged.
  if (record === null) throw new OverloadedError(1);
  const types = new Set(entries.map(({ type }) => type));
  if (types.has('INCIDENT_CREATED')) return { kind: 'CREATED', record, sequence: answer.sequence };
  if (types.has('INCIDENT_SYNCED')) return { kind: 'UPDATED', record, sequence: answer.sequence };
  return { kind: 'UNCHANGED', record, sequence: 0 };
}

function syncOf({ source, key }: SyncedIncident, { kind, record }: Outcome): IncidentSync {
  return { source, key, outcome: kind, incidentId: record?.state.id ?? null, number: record?.number ?? null };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
