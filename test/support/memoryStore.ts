import { nameKey } from '../../src/domain/incident/naming.ts';
import type { IncidentRecord, IncidentState } from '../../src/domain/incident/state.ts';
import { isOpen } from '../../src/domain/incident/vocabulary.ts';
import { type Instant, plusMilliseconds } from '../../src/domain/instant.ts';
import { decodeBody } from '../../src/domain/ledger/body.ts';
import type { Ledger, LedgerEntry } from '../../src/domain/ledger/ledger.ts';
import { defaultPolicy } from '../../src/domain/policy/defaults.ts';
import type { Policy } from '../../src/domain/policy/policy.ts';
import { entryHash, firstPreviousHash } from '../../src/store/hash.ts';
import type {
  Change,
  Claimed,
  ClaimRequest,
  CommitBatch,
  CommitOutcome,
  DueDeadline,
  Loaded,
  LoadRequest,
  StoredRequest,
  TableRows,
  WriteStore,
} from '../../src/store/port.ts';
import { compareChanges, type Verdicts } from './memoryCommit.ts';

/** A stored incident: its row, its text, and who planned it. */
export interface StoredIncident {
  version: number;
  number: number;
  sequence: number;
  policyVersion: number;
  shape: number;
  state: string;
  text: { readonly description: string; readonly notes: string };
}

/** A deadline's row. */
export interface StoredDeadline extends DueDeadline {
  leaseUntil: Instant | null;
  attempts: number;
}

type Row = Readonly<Record<string, unknown>>;

/** Everything one organization has. */
export class MemoryOrganization {
  policyVersion = 1;
  number = 0;
  readonly policies = new Map<number, Policy>([[1, defaultPolicy]]);
  readonly ledgers: Record<Ledger, LedgerEntry[]> = { INCIDENTS: [], ADMINISTRATION: [] };
  readonly incidents = new Map<string, StoredIncident>();
  readonly snapshots = new Map<string, string>();
  readonly lists = new Map<string, Row>();
  readonly keys = new Map<string, string>();
  readonly requests = new Map<string, StoredRequest>();
  /** `SERVICE name` → id. */
  readonly names = new Map<string, string>();
  readonly members = new Set<string>();
  readonly signals = new Map<string, Record<string, unknown>>();
  readonly visibility = new Map<number, boolean>();
  readonly apiKeys = new Map<string, { revokedAt: Instant | null }>();
  readonly deadlines = new Map<string, StoredDeadline>();
  /** Incident, or REPLAN → the keys of its deadlines. */
  readonly planned = new Map<string, readonly string[]>();
  readonly versions = new Map<string, LedgerEntry>();
}

const nameTables = { service: 'SERVICE', team: 'TEAM', project: 'PROJECT' } as const;

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
    const held = request.dedupKeys.flatMap((key) => {
      const incidentId = org.keys.get(key);
      return incidentId === undefined ? [] : [{ key, incidentId }];
    });
    const wanted = new Set([...request.incidentIds, ...held.map(({ incidentId }) => incidentId)]);
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
          : [{ signalId, incidentId: (row.incident_id as string | null) ?? null }];
      }),
      openSignals: openSignalsOf(org, request, wanted),
      timeline: request.sequences.flatMap((sequence) => {
        const entry = org.ledgers.INCIDENTS[sequence - 1];
        if (!entry?.incidentId) return [];
        const isPublic = org.visibility.get(sequence) ?? entry.isPublic;
        return [{ sequence, incidentId: entry.incidentId, isPublic }];
      }),
      apiKeys: request.apiKeyIds.flatMap((apiKeyId) => {
        const key = org.apiKeys.get(apiKeyId);
        return key === undefined ? [] : [{ apiKeyId, revokedAt: key.revokedAt }];
      }),
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
    const { incidentId, events, request } = change;
    const isDeclared = incidentId !== null && !verdicts.numbers.has(incidentId) && events.length > 0;
    if (isDeclared) {
      org.number += 1;
      verdicts.numbers.set(incidentId, org.number);
    }
    const number = (incidentId === null ? 0 : verdicts.numbers.get(incidentId)) ?? 0;
    const entries = events.map((event) => append(org, batch.organizationId, { change, event, number }));
    writeRows(org, change, batch.organizationId);
    if (change.dedupKeys !== null) moveKeys(org, change);
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
      entries: entries.map(({ sequence, previousHash, hash }) => ({ sequence, previousHash, hash })),
    };
  }

  async claim({ now, limit, leaseMilliseconds }: ClaimRequest): Promise<Claimed> {
    const all = [...this.organizations.values()].flatMap((org) => [...org.deadlines.values()]);
    const at = (row: StoredDeadline) =>
      row.leaseUntil !== null && row.leaseUntil > row.dueAt ? row.leaseUntil : row.dueAt;
    all.sort((a, b) => (at(a) < at(b) ? -1 : 1));
    const due = all.filter((row) => at(row) <= now).slice(0, limit);
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

/** The incident as a load answers it. */
export function recordOf(org: MemoryOrganization, incidentId: string): IncidentRecord | null {
  const row = org.incidents.get(incidentId);
  if (row === undefined) return null;
  const state = { ...JSON.parse(row.state), ...row.text } as IncidentState;
  return { state, number: row.number, sequence: row.sequence, policyVersion: row.policyVersion };
}

function openSignalsOf(org: MemoryOrganization, request: LoadRequest, wanted: ReadonlySet<string>) {
  if (request.fingerprints.length === 0 && request.allOpenSignalsOfDedupKeys.length === 0) return [];
  const fingerprints = new Set(request.fingerprints);
  const allOf = new Set(request.allOpenSignalsOfDedupKeys.map((key) => org.keys.get(key)));
  return [...org.signals].flatMap(([signalId, row]) => {
    const incidentId = row.incident_id as string;
    const fingerprint = row.fingerprint as string | null;
    const isWanted = allOf.has(incidentId) || (wanted.has(incidentId) && fingerprints.has(fingerprint ?? ''));
    return row.firing === true && isWanted ? [{ incidentId, signalId, fingerprint }] : [];
  });
}

function append(
  org: MemoryOrganization,
  organizationId: string,
  { change, event, number }: { change: Change; event: Change['events'][number]; number: number },
): LedgerEntry {
  const ledger = org.ledgers[event.ledger];
  const sequence = ledger.length + 1;
  const previousHash = ledger.at(-1)?.hash ?? firstPreviousHash;
  const { body } = event;
  const numbered = { organizationId, ledger: event.ledger, sequence, number, previousHash, body };
  const entry: LedgerEntry = {
    ...event,
    ...numbered,
    commandId: change.commandId,
    hash: entryHash(numbered),
  };
  ledger.push(entry);
  if (event.incidentId !== null) {
    const key = `${event.incidentId} ${event.version}`;
    if (org.versions.has(key)) throw new Error(`Version ${key} is in the ledger twice.`);
    org.versions.set(key, entry);
    const row = org.incidents.get(event.incidentId);
    if (row !== undefined) [row.version, row.sequence] = [event.version ?? 0, sequence];
  }
  return entry;
}

function writeRows(org: MemoryOrganization, { rows }: Change, organizationId: string): void {
  for (const [table, kind] of Object.entries(nameTables)) {
    for (const row of rows[table] ?? []) org.names.set(`${kind} ${row.name_key}`, row.id as string);
  }
  for (const row of rows.signal ?? []) org.signals.set(row.id as string, { ...row });
  const update = (table: string, change: (stored: Record<string, unknown>, row: Row) => void) => {
    for (const row of rows[table] ?? []) {
      const stored = org.signals.get(row.id as string);
      if (stored !== undefined) change(stored, row);
    }
  };
  update('signal_attachment', (stored, row) => Object.assign(stored, { incident_id: row.incident_id }));
  update('signal_clearing', (stored, row) =>
    Object.assign(stored, { cleared_at: row.cleared_at, firing: false }),
  );
  update('signal_repeat', (stored, row) =>
    Object.assign(stored, { count: Number(stored.count) + Number(row.count) }),
  );
  for (const row of rows.timeline_visibility ?? []) {
    org.visibility.set(row.sequence as number, row.is_public as boolean);
  }
  for (const row of rows.membership ?? []) org.members.add(row.user_id as string);
  for (const row of rows.api_key ?? []) org.apiKeys.set(row.id as string, { revokedAt: null });
  for (const row of rows.api_key_revocation ?? []) {
    org.apiKeys.set(row.id as string, { revokedAt: row.revoked_at as string });
  }
  writePolicy(org, rows, organizationId);
}

function writePolicy(org: MemoryOrganization, rows: TableRows, organizationId: string): void {
  for (const row of rows.policy ?? []) {
    org.policyVersion = row.version as number;
    org.policies.set(org.policyVersion, JSON.parse(row.policy as string) as Policy);
    org.planned.set('REPLAN', ['REPLAN']);
    org.deadlines.set('REPLAN', {
      organizationId,
      incidentId: null,
      kind: 'REPLAN',
      key: '',
      dueAt: row.at as string,
      leaseUntil: null,
      attempts: 0,
    });
  }
}

function moveKeys(org: MemoryOrganization, { incidentId, dedupKeys }: Change): void {
  if (dedupKeys === null || incidentId === null) return;
  for (const key of dedupKeys.take) org.keys.set(key, incidentId);
  for (const key of dedupKeys.retake) if (!org.keys.has(key)) org.keys.set(key, incidentId);
  for (const key of dedupKeys.release) if (org.keys.get(key) === incidentId) org.keys.delete(key);
}

function writeIncident(
  org: MemoryOrganization,
  { incidentId, incident, events }: Change,
  { number, isCarrier }: { number: number; isCarrier: boolean },
): void {
  if (incidentId === null) return;
  const before = org.incidents.get(incidentId);
  // Until its state comes with a later change of the batch, a declared incident has a row without one.
  const row: StoredIncident = before ?? {
    version: 0,
    number,
    sequence: 0,
    policyVersion: 0,
    shape: 0,
    state: '',
    text: { description: '', notes: '' },
  };
  const last = events.at(-1);
  if (last !== undefined) {
    row.version = last.version ?? row.version;
    row.sequence = org.ledgers.INCIDENTS.length;
  }
  if (before === undefined && events.length > 0) org.incidents.set(incidentId, row);
  if (incident === null || !isCarrier) return;
  const { state, policyVersion, shape } = incident;
  Object.assign(row, { state, policyVersion, shape });
  if (incident.text !== null) row.text = incident.text;
  if (incident.list !== null) org.lists.set(incidentId, incident.list);
  for (const snapshot of incident.snapshots) {
    org.snapshots.set(`${incidentId} ${snapshot.version}`, snapshot.state);
  }
}

function writeDeadlines(org: MemoryOrganization, organizationId: string, change: Change): void {
  const { incidentId } = change;
  const stays = new Map<string, StoredDeadline>();
  for (const { kind, key, dueAt } of change.deadlines ?? []) {
    const row = { organizationId, incidentId, kind, key, dueAt, leaseUntil: null, attempts: 0 };
    stays.set(`${incidentId} ${kind} ${key}`, row);
  }
  const planned = incidentId ?? 'REPLAN';
  for (const key of org.planned.get(planned) ?? []) org.deadlines.delete(key);
  org.planned.set(planned, [...stays.keys()]);
  for (const [key, row] of stays) org.deadlines.set(key, row);
}

/** The events of an incident as its ledger holds them. */
export function eventsOf(org: MemoryOrganization, incidentId: string) {
  return org.ledgers.INCIDENTS.filter((entry) => entry.incidentId === incidentId).map((entry) =>
    decodeBody(entry.body),
  );
}
