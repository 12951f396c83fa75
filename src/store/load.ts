import type { ApiKeyScope, MemberRole } from '../domain/access/actor.ts';
import { completeIngest } from '../domain/detection/ingestConfiguration.ts';
import type { Joinable } from '../domain/incident/decision.ts';
import type { IngestedSignal } from '../domain/incident/events.ts';
import { nameKey } from '../domain/incident/naming.ts';
import { type IncidentRecord, type IncidentState, stateShape } from '../domain/incident/state.ts';
import type { IncidentSeverity, NameKind } from '../domain/incident/vocabulary.ts';
import { ledgers } from '../domain/ledger/ledger.ts';
import { completePolicy } from '../domain/policy/completePolicy.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Database } from './database.ts';
import { episodesOf, type WireEpisodes } from './episodeLoad.ts';
import { administrationOf, encodeAdministration, type WireAdministration } from './loadAdministration.ts';
import type { Loaded, LoadedSignal, LoadRequest } from './port.ts';
import { refold } from './refold.ts';
import type { LoadedRuns, RunLoadRequest } from './runLoad.ts';
import { instantOf, storable, unlessEmpty, unstorable } from './wire.ts';

/** What `warroom.load` answers: lists of rows as arrays, null when nothing was found. */
interface WireLoad extends WireEpisodes {
  readonly head:
    | [sequence: number, policyVersion: number, policy: Partial<Policy>, earlyClearings: number]
    | null;
  readonly held: [key: string, incidentId: string, held: boolean][] | null;
  readonly incidents: WireIncident[] | null;
  readonly answers: [string, string, string, 0 | 1, string | null, number | null, number | null][] | null;
  readonly names: [kind: NameKind, name: string, id: string][] | null;
  readonly members: string[] | null;
  readonly signals: WireSignal[] | null;
  readonly open:
    | [
        incidentId: string,
        signalId: string,
        fingerprint: string,
        firing: boolean,
        dedupKey: string | null,
        beganAt: string | null,
      ][]
    | null;
  readonly timeline: [sequence: number, incidentId: string, isPublic: boolean][] | null;
  readonly keys: WireKey[] | null;
  readonly joinable: [kind: Joinable['kind'], key: string, incidentId: string][] | null;
  readonly errors: [source: string, errorId: string, level: IncidentSeverity][] | null;
  readonly runs: WireRuns | null;
  readonly administration: WireAdministration | null;
}

interface WireRuns {
  readonly of_bursts: string[] | null;
  readonly last_bursts: [source: string, ordinal: number][] | null;
  readonly known_runs: [source: string, runId: string][] | null;
  readonly known_targets: [incidentId: string, target: string][] | null;
  readonly muted: [source: string, target: string, since: string, until: string | null][] | null;
}

type WireSignal = [
  signalId: string,
  incidentId: string | null,
  signal: Omit<IngestedSignal, 'signalId' | 'dedupKey' | 'beganAt'>,
  dedupKey: string | null,
  clearedAt: string | null,
  sharesDedupKey: boolean,
  beganAt: string | null,
];

type WireKey = [
  apiKeyId: string,
  revokedAt: string | null,
  prefix: string,
  expiresAt: string | null,
  role: MemberRole,
  scopes: ApiKeyScope[],
  ingest: string | null,
];

type WireIncident = [
  id: string,
  number: number,
  sequence: number,
  version: number,
  policyVersion: number,
  shape: number,
  state: Omit<IncidentState, 'description' | 'notes'>,
  description: string,
  notes: string,
  gateBlockedAt: string | null,
];

/**
 * Everything one batch of commands needs to be decided, in one statement; a second one only when a stored state is of
 * an older shape than this program's and has to be folded from its events.
 * @throws Error when the organization does not exist.
 */
export async function load(database: Database, request: LoadRequest): Promise<Loaded> {
  const { organizationId } = request;
  const wire = (await database.callAsOrganization(organizationId, 'load', [
    organizationId,
    encodeRequest(request),
  ])) as WireLoad | undefined;
  if (!wire?.head) throw new Error(`There is no organization ${request.organizationId}.`);
  const [headSequence, version, policy, earlyClearings] = wire.head;
  const stored = wire.incidents ?? [];
  return {
    policy: completePolicy({ ...policy, version }),
    headSequence,
    earlyClearings,
    incidents: await recordsOf(database, request.organizationId, stored),
    outdatedIncidentIds: stored.filter((row) => row[5] > stateShape).map(([id]) => id),
    dedupKeys: (wire.held ?? []).map(([key, incidentId, held]) => ({ key, incidentId, held })),
    requests: (wire.answers ?? []).map(requestOf),
    names: (wire.names ?? []).map(([kind, name, id]) => ({ kind, name, id })),
    memberIds: wire.members ?? [],
    signals: (wire.signals ?? []).map(signalOf),
    openSignals: (wire.open ?? []).map(([incidentId, signalId, fingerprint, firing, dedupKey, beganAt]) => ({
      incidentId,
      signalId,
      fingerprint,
      firing,
      dedupKey,
      beganAt: instantOf(beganAt),
    })),
    episodes: episodesOf(wire),
    timeline: (wire.timeline ?? []).map(([sequence, incidentId, isPublic]) => ({
      sequence,
      incidentId,
      isPublic,
    })),
    apiKeys: (wire.keys ?? []).map(([apiKeyId, revokedAt, prefix, expiresAt, role, scopes, ingest]) => ({
      apiKeyId,
      prefix,
      role,
      scopes,
      revokedAt: instantOf(revokedAt),
      expiresAt: instantOf(expiresAt),
      ingest: completeIngest(ingest),
    })),
    joinable: (wire.joinable ?? []).map(([kind, key, incidentId]) => ({ kind, key, incidentId })),
    errors: (wire.errors ?? []).map(([source, errorId, level]) => ({ source, errorId, level })),
    runs: wire.runs && runsOf(wire.runs),
    gates: stored.flatMap((row) => {
      const blockedAt = instantOf(row[9]);
      return blockedAt === null ? [] : [{ incidentId: row[0], blockedAt }];
    }),
    administration: wire.administration && administrationOf(wire.administration),
  };
}

function signalOf([
  signalId,
  incidentId,
  row,
  dedupKey,
  clearedAt,
  sharesDedupKey,
  beganAt,
]: WireSignal): LoadedSignal {
  const signal = {
    signalId,
    ...row,
    observedAt: instantOf(row.observedAt),
    ...(beganAt === null ? null : { beganAt: instantOf(beganAt) }),
    ...(dedupKey === null ? null : { dedupKey }),
  };
  return { signalId, incidentId, own: { signal, clearedAt: instantOf(clearedAt), sharesDedupKey } };
}

function encodeRequest(request: LoadRequest): string {
  return JSON.stringify({
    incidents: unlessEmpty(request.incidentIds),
    dedup_keys: unlessEmpty(
      storable([...new Set([...request.dedupKeys, ...request.allOpenSignalsOfDedupKeys])]),
    ),
    requests: unlessEmpty(request.requests.filter(({ key }) => !unstorable.test(key))),
    names: unlessEmpty(
      request.names
        .filter(({ name }) => !unstorable.test(name))
        .map(({ kind, name }) => ({ kind, key: nameKey(name) })),
    ),
    users: unlessEmpty(storable(request.userIds)),
    signals: unlessEmpty(request.signalIds),
    fingerprints: encodeFingerprints(request.fingerprints),
    episodes: unlessEmpty(
      request.episodes.map(({ dedupKey, fingerprint, beganAt }) => [dedupKey, fingerprint, beganAt]),
    ),
    in_any_case: request.episodesInAnyCase || undefined,
    all_open_of: unlessEmpty(storable(request.allOpenSignalsOfDedupKeys)),
    sequences: unlessEmpty(request.sequences),
    api_keys: unlessEmpty(request.apiKeyIds),
    joinable: unlessEmpty(request.joinable),
    errors: unlessEmpty(
      request.errors
        .filter(({ source, errorId }) => !unstorable.test(source) && !unstorable.test(errorId))
        .map(({ source, errorId: id }) => ({ source, id })),
    ),
    runs: request.runs ? encodeRuns(request.runs) : undefined,
    administration: request.administration ? encodeAdministration(request.administration) : undefined,
  });
}

/** Those of each incident together. */
function encodeFingerprints(fingerprints: LoadRequest['fingerprints']) {
  const lists = new Map<string | null, string[]>();
  for (const { of, fingerprint } of fingerprints) {
    if (unstorable.test(fingerprint) || (of !== null && unstorable.test(of))) continue;
    const list = lists.get(of);
    if (list === undefined) lists.set(of, [fingerprint]);
    else list.push(fingerprint);
  }
  return unlessEmpty([...lists].map(([of, list]) => ({ of, list })));
}

async function recordsOf(
  database: Database,
  organizationId: string,
  stored: readonly WireIncident[],
): Promise<IncidentRecord[]> {
  const older = stored.filter((row) => row[5] < stateShape).map(([id]) => id);
  const refolded = await refold(database, organizationId, older);
  const records: IncidentRecord[] = [];
  for (const [id, number, sequence, , policyVersion, shape, state, description, notes] of stored) {
    if (shape > stateShape) continue;
    const current = shape === stateShape ? { ...state, description, notes } : refolded.get(id);
    if (current) records.push({ state: current, number, sequence, policyVersion });
  }
  return records;
}

function requestOf([principal, key, digest, ledger, incidentId, first, last]: NonNullable<
  WireLoad['answers']
>[number]) {
  return {
    principal,
    key,
    digest,
    ledger: ledgers[ledger],
    incidentId,
    firstSequence: first,
    lastSequence: last,
  };
}

function encodeRuns({ bursts, runs, targets, failed }: RunLoadRequest) {
  return { bursts, runs: runs.map(({ source, runId }) => ({ source, id: runId })), targets, failed };
}

function runsOf(wire: WireRuns): LoadedRuns {
  return {
    incidentIds: wire.of_bursts ?? [],
    lastBursts: (wire.last_bursts ?? []).map(([source, ordinal]) => ({ source, ordinal })),
    runs: (wire.known_runs ?? []).map(([source, runId]) => ({ source, runId })),
    targets: (wire.known_targets ?? []).map(([incidentId, target]) => ({ incidentId, target })),
    muted: (wire.muted ?? []).map(([source, target, since, until]) => ({
      source,
      target,
      since: instantOf(since),
      until: until === null ? null : instantOf(until),
    })),
  };
}
