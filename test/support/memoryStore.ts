import { unconfigured } from '../../src/domain/detection/ingestConfiguration.ts';
import type { OwnSignal } from '../../src/domain/incident/decision.ts';
import type { IngestedSignal } from '../../src/domain/incident/events.ts';
import { nameKey } from '../../src/domain/incident/naming.ts';
import { signalsPerCommandLimit } from '../../src/domain/incident/receiveSignals.ts';
import type { IncidentState } from '../../src/domain/incident/state.ts';
import { isOpen } from '../../src/domain/incident/vocabulary.ts';
import { type Instant, plusMilliseconds } from '../../src/domain/instant.ts';
import type { Ledger } from '../../src/domain/ledger/ledger.ts';
import type { Policy } from '../../src/domain/policy/policy.ts';
import type { Claimed, ClaimRequest } from '../../src/store/dueDeadline.ts';
import type {
  Change,
  CommitBatch,
  CommitOutcome,
  Loaded,
  LoadRequest,
  WriteStore,
} from '../../src/store/port.ts';
import { compareChanges, type Verdicts } from './memoryCommit.ts';
import { memoryEpisodes } from './memoryEpisodes.ts';
import { memoryErrors } from './memoryErrors.ts';
import { MemoryOrganization, recordOf, type StoredDeadline } from './memoryOrganization.ts';
import { memoryRuns, overlapping } from './memoryRuns.ts';
import { append, moveKeys, writeDeadlines, writeIncident, writeRows } from './memoryWrites.ts';

/**
 * The write store in memory, faithful to the port: the same comparisons, outcomes, numbers and hashes as
 * `warroom.commit`. Calls are answered in a later microtask; delays and failures are a wrapper's business.
 */
export class MemoryStore implements WriteStore {
  readonly organizations = new Map<string, MemoryOrganization>();
  /** Batches committed so far, and changes in them. */
  commits = 0;
  changes = 0;

  organization(organizationId: string): MemoryOrganization {
    let organization = this.organizations.get(organizationId);
    if (organization === undefined) {
      organization = new MemoryOrganization();
      this.organizations.set(organizationId, organization);
    }
    return organization;
  }

  async load(request: LoadRequest): Promise<Loaded> {
    const org = this.organization(request.organizationId);
    const held = request.dedupKeys.flatMap((key) => org.keys.get(key) ?? []);
    const joined = joinableOf(org, request);
    const of = request.runs ? overlapping(org, request.runs) : [];
    const wanted = new Set([
      ...request.incidentIds,
      ...[...held, ...joined].map(({ incidentId }) => incidentId),
      ...of,
    ]);
    const openSignals = openSignalsOf(org, request, wanted);
    return {
      policy: org.policies.get(org.policyVersion) as Policy,
      headSequence: org.ledgers.INCIDENTS.length,
      incidents: [...wanted].flatMap((id) => recordOf(org, id) ?? []),
      outdatedIncidentIds: [],
      dedupKeys: held,
      requests: request.requests.flatMap(
        ({ principal, key }) => org.requests.get(`${principal} ${key}`) ?? [],
      ),
      names: request.names.flatMap(({ kind, name }) => {
        const id = org.names.get(`${kind} ${nameKey(name)}`);
        return id === undefined ? [] : [{ kind, name, id }];
      }),
      memberIds: request.userIds.filter((id) => org.members.has(id)),
      signals: request.signalIds.flatMap((signalId) => {
        const row = org.signals.get(signalId);
        return row === undefined
          ? []
          : [{ signalId, incidentId: (row.incident_id as string | null) ?? null, own: ownSignal(org, row) }];
      }),
      openSignals,
      episodes: memoryEpisodes(org, request, openSignals.length),
      earlyClearings: org.earlyClearingCount,
      timeline: request.sequences.flatMap((sequence) => {
        const entry = org.ledgers.INCIDENTS[sequence - 1];
        if (!entry?.incidentId) return [];
        const isPublic = org.visibility.get(sequence) ?? entry.isPublic;
        return [{ sequence, incidentId: entry.incidentId, isPublic }];
      }),
      gates: [...wanted].flatMap((incidentId) => {
        const blockedAt = org.incidents.get(incidentId)?.gateBlockedAt ?? null;
        return blockedAt === null ? [] : [{ incidentId, blockedAt }];
      }),
      apiKeys: request.apiKeyIds.flatMap((apiKeyId) => {
        const key = org.apiKeys.get(apiKeyId);
        return key === undefined
          ? []
          : [{ apiKeyId, prefix: '', ...key, ingest: unconfigured, expiresAt: null }];
      }),
      joinable: joined,
      runs: request.runs && memoryRuns(org, request.runs, of),
      errors: memoryErrors(org, request.errors),
      administration: request.administration && {
        sequence: org.ledgers.ADMINISTRATION.length,
        organizationName: '',
        members: [],
        administratorIds: [],
        memberEmails: [],
        invitations: [],
        invitationsFullUntil: null,
        catalogue: null,
        entry: null,
      },
    };
  }

  async commit(batch: CommitBatch): Promise<readonly CommitOutcome[]> {
    return this.commitNow(batch);
  }

  /** The commit itself, at this very moment. */
  commitNow(batch: CommitBatch): readonly CommitOutcome[] {
    const org = this.organization(batch.organizationId);
    const verdicts = compareChanges(org, batch);
    this.commits += 1;
    this.changes += batch.changes.length;
    return batch.changes.map((change, index) => {
      const refusal = verdicts.refusals[index];
      return refusal ?? this.#write(batch, change, { org, verdicts, index });
    });
  }

  #write(
    batch: CommitBatch,
    change: Change,
    { org, verdicts, index }: { org: MemoryOrganization; verdicts: Verdicts; index: number },
  ): CommitOutcome {
    const { incidentId, request } = change;
    const events = change.events.filter(({ ledger }) => ledger === 'INCIDENTS' || incidentId === null);
    const isDeclared = incidentId !== null && !verdicts.numbers.has(incidentId) && events.length > 0;
    if (isDeclared) {
      org.number += 1;
      verdicts.numbers.set(incidentId, org.number);
    }
    const number = (incidentId === null ? 0 : verdicts.numbers.get(incidentId)) ?? 0;
    const all = change.events.map((event) => append(org, batch.organizationId, { change, event, number }));
    const entries = all.filter(({ ledger }) => ledger === 'INCIDENTS' || incidentId === null);
    writeRows(org, change, batch.organizationId);
    if (change.dedupKeys !== null) moveKeys(org.keys, change);
    writeIncident(org, change, { number, isCarrier: verdicts.carriers.get(incidentId) === index });
    if (change.deadlines !== null) writeDeadlines(org, batch.organizationId, change);
    if (request !== null) {
      org.requests.set(`${request.principal} ${request.key}`, {
        ...request,
        ledger: events[0]?.ledger ?? (incidentId === null ? 'ADMINISTRATION' : 'INCIDENTS'),
        incidentId,
        firstSequence: entries[0]?.sequence ?? null,
        lastSequence: entries.at(-1)?.sequence ?? null,
      });
    }
    return {
      kind: 'committed',
      number,
      entries: all.map(({ sequence, previousHash, hash }) => ({ sequence, previousHash, hash })),
    };
  }

  async claim({ now, limit, leaseMilliseconds, leftOut = [] }: ClaimRequest): Promise<Claimed> {
    const all = [...this.organizations.values()].flatMap((org) => [...org.deadlines.values()]);
    const at = (row: StoredDeadline) =>
      row.leaseUntil !== null && row.leaseUntil > row.dueAt ? row.leaseUntil : row.dueAt;
    all.sort((a, b) => (at(a) < at(b) ? -1 : 1));
    const due = all.filter((row) => at(row) <= now && !leftOut.includes(row.organizationId)).slice(0, limit);
    for (const row of due) {
      row.leaseUntil = plusMilliseconds(now, Math.min(60_000, leaseMilliseconds * 2 ** row.attempts));
      row.attempts += 1;
    }
    const next = all.map(at).filter((instant) => instant > now);
    return {
      due: due.map(({ organizationId, incidentId, kind, key, dueAt }) => ({
        organizationId,
        incidentId,
        kind,
        key,
        dueAt,
      })),
      nextDueAt: next.sort()[0] ?? null,
    };
  }

  async entries(organizationId: string, ledger: Ledger, first: number, last: number) {
    return this.organization(organizationId).ledgers[ledger].slice(first - 1, Math.min(last, first + 999));
  }

  async entryAtVersion(organizationId: string, incidentId: string, version: number) {
    return this.organization(organizationId).versions.get(`${incidentId} ${version}`) ?? null;
  }

  async plannedUnderOlderPolicy(organizationId: string, afterIncidentId: string | null) {
    const org = this.organization(organizationId);
    return [...org.incidents]
      .filter(([id, row]) => id > (afterIncidentId ?? '') && row.policyVersion < org.policyVersion)
      .filter(([, row]) => isOpen((JSON.parse(row.state) as IncidentState).status))
      .map(([id]) => id)
      .sort()
      .slice(0, 500);
  }
}

function openSignalsOf(org: MemoryOrganization, request: LoadRequest, wanted: ReadonlySet<string>) {
  if (request.fingerprints.length === 0 && request.allOpenSignalsOfDedupKeys.length === 0) return [];
  const fingerprints = new Set(
    request.fingerprints.map(({ of, fingerprint }) => `${namedBy(org, of)} ${fingerprint}`),
  );
  const left = new Map(request.allOpenSignalsOfDedupKeys.map((key) => [key, signalsPerCommandLimit]));
  const isOfAll = (incidentId: string, dedupKey: string | null): boolean => {
    const key = [...left.keys()].find(
      (one) =>
        org.keys.get(one)?.incidentId === incidentId &&
        (dedupKey === null || dedupKey === one) &&
        (left.get(one) ?? 0) > 0,
    );
    if (key !== undefined) left.set(key, (left.get(key) ?? 0) - 1);
    return key !== undefined;
  };
  const wholes = new Map([...wanted].flatMap((id) => partsOf(org, id).map((part) => [part, id] as const)));
  return [...org.signals].flatMap(([signalId, row]) => {
    // Of one that is part of another, its signals are that other's.
    const incidentId = wholes.get(row.incident_id as string) ?? (row.incident_id as string);
    const dedupKey = (row.dedup_key as string | null) ?? null;
    const fingerprint = row.fingerprint as string | null;
    const firing = row.firing === true;
    const isRepeated =
      wanted.has(incidentId) && [incidentId, null].some((of) => fingerprints.has(`${of} ${fingerprint}`));
    const isOpen = row.cleared_at === null;
    const isWanted = isOpen && ((firing && isOfAll(incidentId, dedupKey)) || isRepeated);
    const beganAt = (row.began_at as Instant | null) ?? null;
    return isWanted ? [{ incidentId, signalId, fingerprint, firing, dedupKey, beganAt }] : [];
  });
}

/** The incident a dedup key or its own id names. */
function namedBy(org: MemoryOrganization, name: string | null): string | null {
  return name === null ? null : (org.keys.get(name)?.incidentId ?? name.toLowerCase());
}

function partsOf(org: MemoryOrganization, incidentId: string): readonly string[] {
  return recordOf(org, incidentId)?.state.mergedIncidentIds ?? [];
}

/** A signal as `warroom.load_signals` answers it. */
function ownSignal(org: MemoryOrganization, row: Record<string, unknown>): OwnSignal {
  const places = new Set([row.incident_id, ...partsOf(org, row.incident_id as string)]);
  const sharesDedupKey = [...org.signals.values()].some(
    (other) =>
      other !== row &&
      places.has(other.incident_id) &&
      row.dedup_key !== null &&
      other.dedup_key === row.dedup_key &&
      other.cleared_at === null,
  );
  const { id, type, at, dedup_key, began_at, cleared_at, ...rest } = row;
  const signal = {
    signalId: id,
    signalType: type,
    source: rest.source,
    serviceId: rest.service_id,
    environment: rest.environment,
    projectId: rest.project_id,
    summary: rest.summary,
    severity: rest.severity,
    fingerprint: rest.fingerprint,
    correlationKey: rest.correlation_key,
    traceId: rest.trace_id,
    dataDigest: rest.data_digest,
    observedAt: at,
    firing: rest.firing,
    ...(dedup_key === null ? null : { dedupKey: dedup_key }),
    ...(began_at === null ? null : { beganAt: began_at }),
  } as unknown as IngestedSignal;
  return { signal, clearedAt: cleared_at as Instant | null, sharesDedupKey };
}

function joinableOf(org: MemoryOrganization, request: LoadRequest): Loaded['joinable'] {
  return request.joinable.flatMap((wanted) => {
    const open = [...org.incidents].filter(([, { state }]) => {
      const { status, correlationKeys, serviceId } = JSON.parse(state) as IncidentState;
      const isWanted =
        wanted.kind === 'SERVICE'
          ? serviceId !== null && serviceId === org.names.get(`SERVICE ${wanted.key}`)
          : correlationKeys.includes(wanted.key);
      return isWanted && isOpen(status);
    });
    const [newest] = open.sort(([, a], [, b]) => b.number - a.number);
    return newest === undefined ? [] : [{ ...wanted, incidentId: newest[0] }];
  });
}
